import { type SentTimes, sentTimes } from '../../domain/input/api-time.ts';
import type { Target } from '../../domain/input/target.ts';
import type { TargetRow } from '../../domain/ledger/target-row.ts';
import { filtersDigest, type WindowEntry } from '../../domain/ledger/window-row.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { type Span, without } from '../../domain/time/spans.ts';
import { askedSpan } from '../../domain/time/windows.ts';
import { estimatedNow, lastOffset } from '../clock/target-clock.ts';
import { isPublished } from '../confirmation/note-verdict.ts';
import { checkProject } from '../coverage/bound-project.ts';
import { beforeRetention } from '../coverage/opening.ts';
import { currentWindow, type PlannedWindow, planOf } from '../coverage/plan.ts';
import { windowsAtRisk } from '../coverage/report-coverage.ts';
import { previewTarget } from '../coverage/rewrite-target.ts';
import { assessFor, type Found, loadTargetState, type ReadPorts } from '../coverage/state.ts';
import { estimatedMoment, firingUntil } from './moment.ts';
import type { RunInput } from './share.ts';

/** A window that a run would order. */
export type PreviewedWindow = PlannedWindow & {
  /** The literals that would go on the wire. */
  sent: SentTimes;
  /** It can no longer be exported whole when the target's schedule fires next. */
  isAtRisk: boolean;
};

/** What a run would do for one target, as far as the ledger alone can tell. */
export type TargetPreview = {
  target: Target;
  /** The time at Huawei, as it is estimated. */
  now: Instant;
  /** The time that the run would stand for. */
  scheduledTime: Instant;
  /** Where coverage would begin; only where no run has been that began it. */
  opensAt?: Instant;
  /** What `start_at` asks for besides and Huawei no longer has; only where coverage would begin, or begin earlier. */
  beforeRetention?: Span;
  /** In the order in which they would be ordered. */
  windows: PreviewedWindow[];
  /** Their task is known from a run that died; only the kept message would be sent. */
  publish: Span[];
  /** Would be recorded as lost. */
  lost: Span[];
  /** Would be left to the run that has them in its hands. */
  leased: { window: Span; until: Instant }[];
  /** Every task that was allowed has failed, so no run orders another. */
  exhausted: Span[];
  /** Of so many published windows Huawei's task list would be asked about; what it says can add windows. */
  confirm: number;
  /** How far our clock was ahead of Huawei's at the last run; the plan allows for it. */
  aheadSeconds?: number;
};

/**
 * What `runScheduledExport` would do with the same input. Reads the ledger and nothing else, and writes nothing; the
 * time is ours, less what it was ahead of Huawei's at the last run. Throws an `InputError` for a time to come.
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

type Asked = { sweep: boolean; requested: Instant | undefined; ownNow: Instant };

async function preview(
  ports: ReadPorts,
  target: Target,
  { sweep, requested, ownNow }: Asked,
): Promise<TargetPreview> {
  const stored = await previewTarget(ports.ledger, target);
  if (stored) checkProject(target, stored);
  const now = estimatedNow(ownNow, stored);
  const scheduledTime = estimatedMoment(requested, { now, ownNow });
  const firing = sweep ? firingUntil(target, stored, scheduledTime) : scheduledTime;
  const input = { target, scheduledTime: firing ?? scheduledTime };
  const own = firing && currentWindow(input);
  const asked = { own, isSweep: sweep, now, isVerified: true };
  const found = await loadTargetState(ports.ledger, target, { asked, stored });
  const known = { target, now, scheduledTime, ...offset(stored, ownNow) };
  if (!found) return { ...known, windows: [], publish: [], lost: [], leased: [], exhausted: [], confirm: 0 };
  const seen = assessFor(target, found, asked);
  const gaps = sweep ? without(seen.gaps, seen.resting) : seen.gaps;
  return {
    ...known,
    ...beginning(target, stored, found),
    windows: previewed(target, asStarted(planOf(input, { ...seen, gaps }, now), found.entries, target), now),
    publish: seen.unpublished.map(({ window }) => window),
    lost: seen.pastCutoff,
    leased: seen.leased,
    exhausted: seen.exhausted,
    confirm: found.entries.filter(isPublished).length,
  };
}

function offset(stored: TargetRow | undefined, ownNow: Instant) {
  const aheadSeconds = lastOffset(ownNow, stored);
  return aheadSeconds === undefined ? {} : { aheadSeconds };
}

function beginning(target: Target, stored: TargetRow | undefined, { content: { coveredFrom } }: Found) {
  if (!coveredFrom || stored?.coveredFrom?.equals(coveredFrom)) return {};
  const missing = beforeRetention(target, coveredFrom);
  return {
    ...(stored?.coveredFrom ? {} : { opensAt: coveredFrom }),
    ...(missing ? { beforeRetention: missing } : {}),
  };
}

// A window that some run began keeps the reason that it was started for.
function asStarted(
  planned: PlannedWindow[],
  entries: readonly WindowEntry[],
  { filters }: Target,
): PlannedWindow[] {
  const digest = filtersDigest(filters);
  const own = entries.filter((entry) => entry.filtersDigest === digest);
  const reasons = new Map(own.map(({ window, reason }) => [nameOf(window), reason]));
  return planned.map(({ window, reason }) => ({ window, reason: reasons.get(nameOf(window)) ?? reason }));
}

function nameOf({ start, end }: Span): string {
  return `${start}/${end}`;
}

function previewed(target: Target, planned: readonly PlannedWindow[], now: Instant): PreviewedWindow[] {
  const gaps = planned.map(({ window }) => window);
  const risky = new Set(windowsAtRisk(target, { gaps }, now).map(({ start }) => start.epochNanoseconds));
  return planned.map(({ window, reason }) => {
    const sent = sentTimes(askedSpan(window, target.window.overlap, now), target.apiTime);
    return { window, reason, sent, isAtRisk: risky.has(window.start.epochNanoseconds) };
  });
}
