import { without } from '../../domain/spans.ts';
import type { TargetRecord } from '../../domain/target-record.ts';
import type { WindowEntry } from '../../domain/window-record.ts';
import type { OpenRows } from '../../ports.ts';
import { estimatedNow } from '../clock/target-clock.ts';
import type { ServicePorts } from '../run-ports.ts';
import { projectFaults } from './bound-project.ts';
import { tellCoverage } from './coverage.ts';
import { listFrom, surveyFor } from './look.ts';
import { firingUntil } from './moment.ts';
import { opening } from './opening.ts';
import { ownWindow } from './plan.ts';
import { readTarget } from './rewrite-target.ts';
import type { RunShare } from './run-share.ts';
import type { Survey } from './survey.ts';
import { isAsOpened } from './target-row.ts';

/**
 * Whether a sweep finds nothing to do, by the ledger's open rows and our own clock alone; then it tells how the target
 * stands, and nobody is called. Our clock may be wrong: it makes something of what is settled at the most, and then Huawei is asked.
 * Throws `InputError` where the windows are of another project.
 */
export async function isIdleSweep(ports: ServicePorts, share: RunShare, open: OpenRows): Promise<boolean> {
  const { target, sweep, scheduledTime } = share;
  const stored = rowOf(open);
  if (!sweep || scheduledTime === undefined || !stored?.coveredUntil) return false;
  if (projectFaults(target, stored).length > 0) {
    await readTarget({ ...ports, clock: ports.ownClock }, target);
    return false;
  }
  const now = estimatedNow(ports.ownClock(), stored);
  const firing = firingUntil(target, stored, scheduledTime);
  const own = firing && ownWindow({ target, scheduledTime: firing });
  const asked = { own, isSweep: true, now, isVerified: true };
  const content = opening(stored, target, asked);
  if (!content || !isAsOpened(stored, content)) return false;
  const surveyOf = (entries: WindowEntry[]) => surveyFor(target, { content, entries }, asked);
  let seen = surveyOf(open.windows);
  // What is confirmed and lies behind a hole is not open any more, and looks like another hole.
  if (!isQuiet(seen, stored)) seen = surveyOf(await listFrom(ports.ledger, target, { content, asked }));
  if (!isQuiet(seen, stored)) return false;
  await tellCoverage({ ...ports, clock: () => now }, target, { record: stored, seen });
  return true;
}

// One that is damaged is something to do.
function rowOf({ target }: OpenRows): TargetRecord | undefined {
  return target instanceof Error ? undefined : target;
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
