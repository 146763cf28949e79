import type { Target } from '../../domain/input/target.ts';
import { durationWords } from '../../domain/time/clock-offset.ts';
import { deadlineOf } from '../../domain/time/retention.ts';
import { intersection, type Span, without } from '../../domain/time/spans.ts';
import type { TargetStatus } from '../../exports/status/target-status.ts';
import { count, hoursWords, lengthWords, spanWords, timeWords } from '../output/format.ts';
import { alertNotes } from './alert-notes.ts';
import type { Note } from './note.ts';

/** Notes on a target besides its coverage, the most urgent first. */
export function statusNotes(status: TargetStatus): Note[] {
  return [
    ...projectOf(status),
    ...clockOf(status),
    ...riskOf(status),
    ...exhaustedOf(status),
    ...gapsOf(status),
    ...lossOf(status),
    ...neverConfirmedOf(status),
    ...beforeRetentionOf(status),
    ...pendingOf(status),
    ...orphansOf(status),
    ...lastErrorOf(status),
    ...alertNotes(status.alerts, status.target.window.timeZone),
  ];
}

function projectOf({ otherProject }: TargetStatus): Note[] {
  if (otherProject.length === 0) return [];
  const text =
    '! The settings name another project than the ledger. No run exports anything for this target. Another project needs another id:';
  return [{ text, lines: otherProject.map(({ path, message }) => `${path} ${message}`), style: 'red' }];
}

function clockOf({ aheadSeconds }: TargetStatus): Note[] {
  if (aheadSeconds === undefined) return [];
  const off = `${durationWords(Math.abs(aheadSeconds))} ${aheadSeconds > 0 ? 'ahead of' : 'behind'}`;
  const text = `! In the last run, the clock of the machine was ${off} Huawei's. Runs use Huawei's time. This status corrects the machine's time by that offset: once you set the clock, it is wrong by as much until the next run. Set the clock (NTP).`;
  return [{ text, style: 'yellow' }];
}

function riskOf(status: TargetStatus): Note[] {
  const risky = without(status.atRisk, status.exhausted);
  if (risky.length === 0) return [];
  const text = `! At risk: ${lengthWords(risky)} not exported, which Huawei begins to forget before the next scheduled run. Start one now, with login-export run:`;
  return [{ text, lines: linesWithTime(risky, status), style: 'red' }];
}

function exhaustedOf(status: TargetStatus): Note[] {
  const { target, exhausted } = status;
  if (exhausted.length === 0) return [];
  const text = `○ Exhausted: ${lengthWords(exhausted)}. Huawei accepted ${count(target.maxAttempts, 'export')} of each window, and all of them failed. Runs order another once max_attempts is raised; on one machine, login-export backfill orders one at once:`;
  return [{ text, lines: linesWithTime(exhausted, status), style: 'red' }];
}

function gapsOf(status: TargetStatus): Note[] {
  const others = without(status.gaps, [...status.atRisk, ...status.exhausted]);
  if (others.length === 0) return [];
  const byHand = intersection(others, status.openBackfills);
  const byRuns = without(others, byHand);
  const texts = [
    [byRuns, `○ Gaps: ${lengthWords(byRuns)} are due and not exported; the next run orders them:`],
    [
      byHand,
      `○ Interrupted backfill: ${lengthWords(byHand)} are not exported; to continue, run the same login-export backfill again:`,
    ],
  ] as const;
  return texts.flatMap(([spans, text]) =>
    spans.length > 0 ? [{ text, lines: linesWithTime(spans, status), style: 'yellow' as const }] : [],
  );
}

function lossOf({ target, lost, unrecorded }: TargetStatus): Note[] {
  if (lost.length === 0) return [];
  const news =
    unrecorded.length > 0
      ? ` The next run records ${lengthWords(unrecorded)} of this and raises the alarm.`
      : '';
  const text = `✗ Lost permanently: ${lengthWords(lost)} of login records, not exported within the 30 days for which Huawei keeps them.${news}`;
  return [{ text, lines: linesOf(lost, target), style: 'red' }];
}

function neverConfirmedOf({ target, neverConfirmed }: TargetStatus): Note[] {
  if (neverConfirmed.length === 0) return [];
  const text = `◐ Never confirmed: ${lengthWords(neverConfirmed)}. The result of these exports is unknown, and Huawei no longer has the records. Check that the consumer of the queue has fetched the files:`;
  return [{ text, lines: linesOf(neverConfirmed, target), style: 'yellow' }];
}

function beforeRetentionOf({ target, beforeRetention }: TargetStatus): Note[] {
  if (!beforeRetention) return [];
  const text = `start_at is before the oldest records that Huawei had when coverage began. Not exported:`;
  return [{ text, lines: linesOf([beforeRetention], target), style: 'dim' }];
}

function pendingOf(status: TargetStatus): Note[] {
  const { target, pending, longUnconfirmed: long } = status;
  if (pending.length === 0) return [];
  const text = `◐ Pending: ${lengthWords(pending)}; a later run asks Huawei whether the exports succeeded.`;
  if (!long) return [{ text, style: 'dim' }];
  const since = timeWords(long.since, target.window.timeZone);
  const head = `◐ Unconfirmed for more than a day: ${count(long.windows, 'window')} (the first published at ${since}).`;
  return [
    { text, style: 'dim' },
    { ...whyUnconfirmed(head, status), style: 'yellow' },
  ];
}

// The oldest windows are the first to be lost.
const MOST_REASONS = 3;

function whyUnconfirmed(head: string, { target, unconfirmedReasons: reasons }: TargetStatus) {
  if (reasons.length === 0)
    return {
      text: `${head} There was no run since, or Huawei's task list could not be read; see login-export doctor.`,
    };
  const shown = reasons
    .slice(0, MOST_REASONS)
    .map(({ window, message }) => `${spanWords(window, target.window.timeZone)}: ${message}`);
  const others = reasons.length - shown.length;
  return { text: head, lines: [...shown, ...(others > 0 ? [`And ${others} more.`] : [])] };
}

function orphansOf({ target, orphans }: TargetStatus): Note[] {
  if (orphans.length === 0) return [];
  const text =
    'Orphans: a run crashed while it ordered these windows, so Huawei may have one more export task for each of them. This does no harm:';
  return [{ text, lines: linesOf(orphans, target), style: 'dim' }];
}

function lastErrorOf({ target, lastFailure }: TargetStatus): Note[] {
  if (!lastFailure) return [];
  const { timeZone } = target.window;
  const { kind, at, window, message, vendorCode } = lastFailure;
  const code = vendorCode ? `, ${vendorCode}` : '';
  const text = `Last error (${kind}${code}) at ${timeWords(at, timeZone)}, window ${spanWords(window, timeZone)}:\n${message}`;
  return [{ text, style: 'yellow' }];
}

// A span is lost from its start on, so its start decides.
function linesWithTime(spans: readonly Span[], { target, now }: TargetStatus): string[] {
  return spans.map((span) => {
    const left = now.until(deadlineOf(span.start)).total('hours');
    return `${spanWords(span, target.window.timeZone)}  ${hoursWords(left)} left`;
  });
}

function linesOf(spans: readonly Span[], { window }: Target): string[] {
  return spans.map((span) => spanWords(span, window.timeZone));
}
