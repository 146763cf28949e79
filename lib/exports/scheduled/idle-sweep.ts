import { DamagedRowError } from '../../domain/errors.ts';
import { without } from '../../domain/spans.ts';
import type { TargetRecord } from '../../domain/target-record.ts';
import { estimatedNow } from '../clock/target-clock.ts';
import type { ServicePorts } from '../run-ports.ts';
import { checkProject } from './bound-project.ts';
import { tellCoverage } from './coverage.ts';
import { look, surveyFor } from './look.ts';
import { firingUntil } from './moment.ts';
import { ownWindow } from './plan.ts';
import type { RunShare } from './run-share.ts';
import type { Survey } from './survey.ts';
import { isAsOpened } from './target-row.ts';

/**
 * Whether a sweep finds nothing to do, by the ledger and our own clock alone; then it tells how the target stands, and
 * nobody is called. Our clock may be wrong: it makes something of what is settled at the most, and then Huawei is asked.
 * Throws `InputError` for another project than the ledger's.
 */
export async function isIdleSweep(ports: ServicePorts, share: RunShare): Promise<boolean> {
  const { target, sweep, scheduledTime } = share;
  if (!sweep || scheduledTime === undefined) return false;
  const stored = await readableTarget(ports, target.id);
  if (!stored?.coveredUntil) return false;
  checkProject(target, stored);
  const now = estimatedNow(ports.ownClock(), stored);
  const firing = firingUntil(target, stored, scheduledTime);
  const own = firing && ownWindow({ target, scheduledTime: firing });
  const asked = { own, isSweep: true, now, isVerified: true };
  const found = await look(ports.ledger, target, { asked, stored });
  if (!found || !isAsOpened(stored, found.content)) return false;
  const seen = surveyFor(target, found, asked);
  if (!isQuiet(seen, stored)) return false;
  await tellCoverage({ ...ports, clock: () => now }, target, { record: stored, seen });
  return true;
}

// One that is damaged is something to do.
async function readableTarget({ ledger }: ServicePorts, targetId: string): Promise<TargetRecord | undefined> {
  try {
    return await ledger.findTarget(targetId);
  } catch (error) {
    if (error instanceof DamagedRowError) return undefined;
    throw error;
  }
}

function isQuiet(seen: Survey, { untoldFrom }: TargetRecord): boolean {
  const open = [
    without(seen.holes, seen.givenUp),
    seen.beyond,
    seen.unannounced,
    seen.waiting,
    seen.unconfirmed,
    seen.premature,
    seen.unreadable,
  ];
  return untoldFrom === undefined && open.every((some) => some.length === 0);
}
