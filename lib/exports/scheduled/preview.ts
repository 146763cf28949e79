import { type SentTimes, sentTimes } from '../../domain/api-time.ts';
import { askedSpan } from '../../domain/asked-span.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Span } from '../../domain/span.ts';
import type { Target } from '../../domain/target.ts';
import { filtersDigest, type WindowEntry } from '../../domain/window-record.ts';
import { windowsAtRisk } from './coverage.ts';
import { type LookPorts, look, surveyNow } from './look.ts';
import { ownWindow, type PlanDemand, type PlannedWindow, planOf } from './plan.ts';
import { checkNotInFuture, type RunDemand } from './run.ts';
import { foreseeOpening } from './target-row.ts';

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
  /** Where coverage would begin; only where no run has been that began it. */
  opensAt?: Instant;
  /** Oldest first. */
  windows: PreviewedWindow[];
  /** Their task is known from a run that died; only the kept message would be sent. */
  announce: Span[];
  /** Would be recorded as lost. */
  lost: Span[];
  /** Would be left to the run that has them in its hands. */
  waiting: { window: Span; until: Instant }[];
  /** Every task that was allowed has failed, so no run orders another. */
  givenUp: Span[];
  /** Of so many announced windows Huawei's task list would be asked about; what it says can add windows. */
  confirm: number;
};

/** What `runScheduledExport` would do with the same demand. Reads the ledger and nothing else, and writes nothing. */
export async function previewRun(
  ports: LookPorts,
  { targets, ...demand }: Omit<RunDemand, 'trigger'>,
): Promise<TargetPreview[]> {
  checkNotInFuture(demand.scheduledTime, ports.clock());
  const previews: TargetPreview[] = [];
  for (const target of targets) previews.push(await preview(ports, { ...demand, target }));
  return previews;
}

async function preview(ports: LookPorts, demand: PlanDemand): Promise<TargetPreview> {
  const { target, scope } = demand;
  const now = ports.clock();
  const stored = await ports.ledger.findTarget(target.id);
  const { record, isFirst } = foreseeOpening(stored, target, { own: ownWindow(demand), now });
  const found = await look(ports.ledger, demand, () => Promise.resolve(record));
  if (!found) return { target, windows: [], announce: [], lost: [], waiting: [], givenUp: [], confirm: 0 };
  const seen = surveyNow(ports, demand, found);
  return {
    target,
    ...(isFirst && scope === 'calendar' && record ? { opensAt: record.origin } : {}),
    windows: previewed(target, asBegun(planOf(demand, seen), found.entries, target), now),
    announce: seen.unannounced.map(({ window }) => window),
    lost: seen.beyond,
    waiting: seen.waiting,
    givenUp: seen.givenUp,
    confirm: found.entries.filter(({ state }) => state === 'announced').length,
  };
}

// A window that some run began keeps the reason that it was begun for.
function asBegun(
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
  const holes = planned.map(({ window }) => window);
  const risky = new Set(windowsAtRisk(target, { holes }, now).map(({ start }) => start.epochNanoseconds));
  return planned.map(({ window, reason }) => {
    const sent = sentTimes(askedSpan(window, target.window.overlap, now), target.apiTime);
    return { window, reason, sent, isAtRisk: risky.has(window.start.epochNanoseconds) };
  });
}
