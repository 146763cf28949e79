import { deadlineOf } from '../domain/retention.ts';
import type { Span } from '../domain/span.ts';
import { without } from '../domain/spans.ts';
import type { Target } from '../domain/target.ts';
import type { TargetStatus } from '../exports/status/target-status.ts';
import { alertFindings } from './alert-findings.ts';
import { count, hoursWords, lengthWords, spanWords, timeWords } from './span-words.ts';

/** Something that is not as it should be, and where. */
export type Finding = { text: string; lines?: readonly string[]; style: 'red' | 'yellow' | 'dim' };

/** What is to be said of a target besides how far it is covered, the most urgent first. */
export function findings(status: TargetStatus): Finding[] {
  return [
    ...riskOf(status),
    ...givenUpOf(status),
    ...holesOf(status),
    ...lossOf(status),
    ...pendingOf(status),
    ...orphansOf(status),
    ...lastErrorOf(status),
    ...alertFindings(status.alerts, status.target.window.timeZone),
  ];
}

function riskOf(status: TargetStatus): Finding[] {
  const risky = without(status.atRisk, status.givenUp);
  if (risky.length === 0) return [];
  const text = `! At risk: ${lengthWords(risky)} not exported, which Huawei begins to forget before the next scheduled run. Start one now, with login-export run:`;
  return [{ text, lines: linesWithTime(risky, status), style: 'red' }];
}

function givenUpOf(status: TargetStatus): Finding[] {
  const { target, givenUp } = status;
  if (givenUp.length === 0) return [];
  const text = `○ Given up: ${lengthWords(givenUp)}. Huawei accepted ${count(target.maxAttempts, 'export')} of each window, and all of them failed; no run orders another. A person can, with login-export backfill:`;
  return [{ text, lines: linesWithTime(givenUp, status), style: 'red' }];
}

function holesOf(status: TargetStatus): Finding[] {
  const others = without(status.holes, [...status.atRisk, ...status.givenUp]);
  if (others.length === 0) return [];
  const text = `○ Holes: ${lengthWords(others)} are due and not exported; the next run orders them:`;
  return [{ text, lines: linesWithTime(others, status), style: 'yellow' }];
}

function lossOf({ target, lost, unrecorded }: TargetStatus): Finding[] {
  if (lost.length === 0) return [];
  const news =
    unrecorded.length > 0
      ? ` The next run records ${lengthWords(unrecorded)} of it and raises the alarm.`
      : '';
  const text = `✗ Lost for good: ${lengthWords(lost)} of login records, not exported within the 30 days that Huawei keeps them.${news}`;
  return [{ text, lines: linesOf(lost, target), style: 'red' }];
}

function pendingOf({ target, pending, longUnconfirmed: long }: TargetStatus): Finding[] {
  if (pending.length === 0) return [];
  const text = `◐ Pending: ${lengthWords(pending)}; a later run asks Huawei whether the export ended well.`;
  if (!long) return [{ text, style: 'dim' }];
  const since = timeWords(long.since, target.window.timeZone);
  const nobody = `◐ Nobody confirms: ${count(long.windows, 'window')} announced more than a day ago (the first at ${since}). Either no run has been since, or Huawei's task list was not readable; see login-export doctor.`;
  return [
    { text, style: 'dim' },
    { text: nobody, style: 'yellow' },
  ];
}

function orphansOf({ target, orphans }: TargetStatus): Finding[] {
  if (orphans.length === 0) return [];
  const text =
    'Orphans: a run died while it ordered these windows, so Huawei may have an export task besides the known one. That does no harm.';
  return [{ text, lines: linesOf(orphans, target), style: 'dim' }];
}

function lastErrorOf({ target, lastFailure }: TargetStatus): Finding[] {
  if (!lastFailure) return [];
  const { timeZone } = target.window;
  const { kind, at, window, message, vendorCode } = lastFailure;
  const code = vendorCode ? `, ${vendorCode}` : '';
  const text = `Last error (${kind}${code}) at ${timeWords(at, timeZone)}, window ${spanWords(window, timeZone)}:\n${message}`;
  return [{ text, style: 'yellow' }];
}

// A span that begins later is lost later.
function linesWithTime(spans: readonly Span[], { target, now }: TargetStatus): string[] {
  return spans.map((span) => {
    const left = now.until(deadlineOf(span.start)).total('hours');
    return `${spanWords(span, target.window.timeZone)}  ${hoursWords(left)} left`;
  });
}

function linesOf(spans: readonly Span[], { window }: Target): string[] {
  return spans.map((span) => spanWords(span, window.timeZone));
}
