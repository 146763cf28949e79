import type { TargetRow } from '../../domain/ledger/target-row.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import { without } from '../../domain/time/spans.ts';
import type { OpenRows } from '../../ports.ts';
import type { ServicePorts } from '../../run-ports.ts';
import { estimatedNow } from '../clock/target-clock.ts';
import { projectIssues } from '../coverage/bound-project.ts';
import { currentWindow, firingUntil } from '../coverage/due.ts';
import type { Assessment } from '../coverage/gaps.ts';
import { isUnchanged, previewInit } from '../coverage/init-coverage.ts';
import { reportCoverage } from '../coverage/report-coverage.ts';
import { readTarget } from '../coverage/target-row-store.ts';
import { assessFor, listWindows, readableTarget } from '../coverage/target-state.ts';
import type { RunShare } from './run-input.ts';

/**
 * Whether a sweep has nothing to do, by the ledger's open rows and our own clock alone. If so, it reports the target's
 * coverage and makes no call. Our clock may be wrong: then at worst a final window looks open, and Huawei is asked.
 * Throws `InputError` where the windows are of another project.
 */
export async function isIdleSweep(ports: ServicePorts, share: RunShare, open: OpenRows): Promise<boolean> {
  const { target, sweep, scheduledTime } = share;
  const stored = readableTarget(open);
  if (!sweep || scheduledTime === undefined || !stored?.coveredUntil) return false;
  if (projectIssues(target, stored).length > 0) {
    await readTarget({ ...ports, clock: ports.ownClock }, target);
    return false;
  }
  const now = estimatedNow(ports.ownClock(), stored);
  const firing = firingUntil(target, stored, scheduledTime);
  const current = firing && currentWindow({ target, scheduledTime: firing });
  const scope = { current, isSweep: true, now, isVerified: true };
  const content = previewInit(stored, target, scope);
  if (!content || !isUnchanged(stored, content)) return false;
  const assess = (entries: WindowEntry[]) => assessFor(target, { content, entries }, scope);
  let seen = assess(open.windows);
  // Open rows do not show confirmed windows: one after a gap looks like another gap until all windows are listed.
  if (!isQuiet(seen, stored)) seen = assess(await listWindows(ports.ledger, target, { content, scope }));
  if (!isQuiet(seen, stored)) return false;
  await reportCoverage({ ...ports, clock: () => now }, target, { row: stored, seen });
  return true;
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
