import type { TargetRow } from '../../domain/ledger/target-row.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import { without } from '../../domain/time/spans.ts';
import type { OpenRows } from '../../ports.ts';
import type { ServicePorts } from '../../run-ports.ts';
import { estimatedNow } from '../clock/target-clock.ts';
import type { Assessment } from '../coverage/assess.ts';
import { projectIssues } from '../coverage/bound-project.ts';
import { opening } from '../coverage/opening.ts';
import { currentWindow } from '../coverage/plan.ts';
import { reportCoverage } from '../coverage/report-coverage.ts';
import { readTarget } from '../coverage/rewrite-target.ts';
import { assessFor, listFrom } from '../coverage/state.ts';
import { isAsOpened } from '../coverage/target-row.ts';
import { firingUntil } from './moment.ts';
import type { RunShare } from './share.ts';

/**
 * Whether a sweep finds nothing to do, by the ledger's open rows and our own clock alone; then it tells how the target
 * stands, and nobody is called. Our clock may be wrong: it makes something of what is final at the most, and then Huawei is asked.
 * Throws `InputError` where the windows are of another project.
 */
export async function isIdleSweep(ports: ServicePorts, share: RunShare, open: OpenRows): Promise<boolean> {
  const { target, sweep, scheduledTime } = share;
  const stored = rowOf(open);
  if (!sweep || scheduledTime === undefined || !stored?.coveredUntil) return false;
  if (projectIssues(target, stored).length > 0) {
    await readTarget({ ...ports, clock: ports.ownClock }, target);
    return false;
  }
  const now = estimatedNow(ports.ownClock(), stored);
  const firing = firingUntil(target, stored, scheduledTime);
  const own = firing && currentWindow({ target, scheduledTime: firing });
  const asked = { own, isSweep: true, now, isVerified: true };
  const content = opening(stored, target, asked);
  if (!content || !isAsOpened(stored, content)) return false;
  const assess = (entries: WindowEntry[]) => assessFor(target, { content, entries }, asked);
  let seen = assess(open.windows);
  // What is confirmed and lies behind a gap is not open any more, and looks like another gap.
  if (!isQuiet(seen, stored)) seen = assess(await listFrom(ports.ledger, target, { content, asked }));
  if (!isQuiet(seen, stored)) return false;
  await reportCoverage({ ...ports, clock: () => now }, target, { row: stored, seen });
  return true;
}

// One that is damaged is something to do.
function rowOf({ target }: OpenRows): TargetRow | undefined {
  return target instanceof Error ? undefined : target;
}

function isQuiet(seen: Assessment, { unreportedFrom }: TargetRow): boolean {
  const open = [
    without(seen.gaps, seen.exhausted),
    seen.pastCutoff,
    seen.unpublished,
    seen.leased,
    seen.unconfirmed,
    seen.premature,
    seen.unreadable,
  ];
  return unreportedFrom === undefined && open.every((some) => some.length === 0);
}
