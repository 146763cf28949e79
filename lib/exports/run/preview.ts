import { type SentTimes, sentTimes } from '../../domain/input/api-time.ts';
import type { Target } from '../../domain/input/target.ts';
import type { TargetRow } from '../../domain/ledger/target-row.ts';
import { filtersDigest, type WindowEntry } from '../../domain/ledger/window-row.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { type Span, spanName, windowsOf, without } from '../../domain/time/spans.ts';
import { requestedSpan } from '../../domain/time/windows.ts';
import { estimatedMoment } from '../clock/moment.ts';
import { estimatedNow, lastOffset } from '../clock/target-clock.ts';
import { isUnconfirmed } from '../confirmation/unconfirmed.ts';
import { windowsAtRisk } from '../coverage/at-risk.ts';
import { checkProject } from '../coverage/bound-project.ts';
import { currentWindow, firingUntil } from '../coverage/due.ts';
import { beforeRetention } from '../coverage/init-coverage.ts';
import { previewTarget } from '../coverage/target-row-store.ts';
import { assessFor, loadTargetState, type ReadPorts, type TargetState } from '../coverage/target-state.ts';
import { type PlannedWindow, planOf } from './plan.ts';
import type { RunInput } from './run-input.ts';

/** A window that a run would order. */
export type PreviewedWindow = PlannedWindow & {
  /** The literals that would go on the wire. */
  sent: SentTimes;
  /** It can no longer be exported whole when the target's schedule fires next. */
  isAtRisk: boolean;
};

/** What a run would do for one target, as far as the ledger alone shows. */
export type TargetPreview = {
  target: Target;
  /** The time at Huawei, as it is estimated. */
  now: Instant;
  /** The time that the run would be for. */
  scheduledTime: Instant;
  /** Where coverage would begin; absent where it has begun. */
  opensAt?: Instant;
  /**
   * The part of what `start_at` asks for that Huawei no longer has; only where coverage would begin, or begin earlier.
   */
  beforeRetention?: Span;
  /** In the order in which they would be ordered. */
  windows: PreviewedWindow[];
  /** The task is known from a run that died; only its message would be published. */
  publish: Span[];
  /** Would be recorded as lost. */
  lost: Span[];
  /** Another run holds the lease and would finish them. */
  leased: { window: Span; until: Instant }[];
  /** All `max_attempts` tasks have failed: no run orders another until `max_attempts` is raised. */
  exhausted: Span[];
  /** How many windows would be looked up in Huawei's task list; the answer can add windows. */
  confirm: number;
  /** How far our clock was ahead of Huawei's at the last run; the plan takes it into account. */
  aheadSeconds?: number;
};

/**
 * What `runScheduledExport` would do with the same input. Reads the ledger and nothing else, and writes nothing. The time
 * is our clock's, corrected by the offset of the last run. Throws an `InputError` for a time in the future.
 */
export async function previewRun(
  ports: ReadPorts,
  { targets, sweep, scheduledTime: requested }: Omit<RunInput, 'trigger'>,
): Promise<TargetPreview[]> {
  const ownNow = ports.clock();
  const previews: TargetPreview[] = [];
  for (const target of targets) previews.push(await preview(ports, target, { sweep, requested, ownNow }));
  return previews;
}

type Request = { sweep: boolean; requested: Instant | undefined; ownNow: Instant };

async function preview(
  ports: ReadPorts,
  target: Target,
  { sweep, requested, ownNow }: Request,
): Promise<TargetPreview> {
  const stored = await previewTarget(ports.ledger, target);
  if (stored) checkProject(target, stored);
  const now = estimatedNow(ownNow, stored);
  const scheduledTime = estimatedMoment(requested, { now, ownNow });
  const firing = sweep ? firingUntil(target, stored, scheduledTime) : scheduledTime;
  const input = { target, scheduledTime: firing ?? scheduledTime };
  const current = firing && currentWindow(input);
  const scope = { current, isSweep: sweep, now, isVerified: true };
  const found = await loadTargetState(ports.ledger, target, { scope, stored });
  const known = { target, now, scheduledTime, ...offset(stored, ownNow) };
  if (!found) return { ...known, windows: [], publish: [], lost: [], leased: [], exhausted: [], confirm: 0 };
  const seen = assessFor(target, found, scope);
  const gaps = sweep ? without(seen.gaps, seen.resting) : seen.gaps;
  return {
    ...known,
    ...beginning(target, stored, found),
    windows: previewed(target, asStarted(planOf(input, { ...seen, gaps }, now), found.entries, target), now),
    publish: windowsOf(seen.unpublished),
    lost: seen.pastCutoff,
    leased: seen.leased,
    exhausted: seen.exhausted,
    confirm: found.entries.filter(isUnconfirmed).length,
  };
}

function offset(stored: TargetRow | undefined, ownNow: Instant) {
  const aheadSeconds = lastOffset(ownNow, stored);
  return aheadSeconds === undefined ? {} : { aheadSeconds };
}

function beginning(target: Target, stored: TargetRow | undefined, { content: { coveredFrom } }: TargetState) {
  if (!coveredFrom || stored?.coveredFrom?.equals(coveredFrom)) return {};
  const missing = beforeRetention(target, coveredFrom);
  return {
    ...(stored?.coveredFrom ? {} : { opensAt: coveredFrom }),
    ...(missing ? { beforeRetention: missing } : {}),
  };
}

// A window that a run has started keeps its reason.
function asStarted(
  planned: PlannedWindow[],
  entries: readonly WindowEntry[],
  { filters }: Target,
): PlannedWindow[] {
  const digest = filtersDigest(filters);
  const same = entries.filter((entry) => entry.filtersDigest === digest);
  const reasons = new Map(same.map(({ window, reason }) => [spanName(window), reason]));
  return planned.map(({ window, reason }) => ({ window, reason: reasons.get(spanName(window)) ?? reason }));
}

function previewed(target: Target, planned: readonly PlannedWindow[], now: Instant): PreviewedWindow[] {
  const gaps = windowsOf(planned);
  const risky = new Set(windowsAtRisk(target, { gaps }, now).map(({ start }) => start.epochNanoseconds));
  return planned.map(({ window, reason }) => {
    const sent = sentTimes(requestedSpan(window, target.window.overlap, now), target.apiTime);
    return { window, reason, sent, isAtRisk: risky.has(window.start.epochNanoseconds) };
  });
}
