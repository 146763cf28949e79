import type { TaskSubmitted } from '../../domain/exports/message.ts';
import type { CoverageEvent, RunEvent } from '../../domain/exports/run-events.ts';
import { durationWords, notableOffset } from '../../domain/time/clock-offset.ts';
import { oneLine } from '../../domain/visible-text.ts';
import type { TargetReport } from '../../exports/window/run-report.ts';
import { count, lengthWords, loginWords, namesOf, spanWords } from '../output/format.ts';
import type { Screen } from '../output/screen.ts';
import { fitted } from '../output/text.ts';
import { shortId } from './alerts.ts';

/** Shows an event of a run as it happens, in one line. */
export function printEvent(screen: Screen, event: RunEvent): void {
  const shown = line(screen.terminal && 'alertId' in event ? withShortId(event) : event);
  if (!shown) return;
  const { mark, words } = shown;
  const window = 'window' in event ? ` ${spanWords(event.window, 'UTC')}` : '';
  const text = `${event.targetId}${window}  ${oneLine(words)}`;
  screen.print(`  ${screen.paint(mark.style, mark.sign)} ${fitted(screen, text, '    ')}`);
}

/** The result of a run, in one line. */
export function summary(reports: readonly TargetReport[]): string {
  const sum = (count: (report: TargetReport) => number) =>
    reports.reduce((total, report) => total + count(report), 0);
  const always = [
    `${sum((report) => report.published)} published`,
    `${sum((report) => report.already_covered)} already exported`,
    `${sum((report) => report.deferred)} deferred`,
    `${sum((report) => report.failed.length)} failed`,
  ];
  const [confirmed, lost] = [sum((report) => report.confirmed), sum((report) => report.lost.length)];
  const counts = [
    ...always,
    ...(lost > 0 ? [`${lost} lost`] : []),
    ...(confirmed > 0 ? [`${confirmed} of earlier runs confirmed`] : []),
  ];
  return `Windows: ${counts.join(', ')}.`;
}

const GOOD = { sign: '✓', style: 'green' } as const;
const PLAIN = { sign: '·', style: 'dim' } as const;
const WARNING = { sign: '!', style: 'yellow' } as const;
const BAD = { sign: '✗', style: 'red' } as const;

type Line = { mark: typeof GOOD | typeof PLAIN | typeof WARNING | typeof BAD; words: string };

function line(event: RunEvent): Line | undefined {
  switch (event.type) {
    case 'window_accepted':
      return {
        mark: GOOD,
        words: `Huawei accepted it as task ${event.taskId} (${Math.round(event.callMilliseconds)} ms)`,
      };
    case 'window_published':
      return { mark: GOOD, words: `message ${event.message.id} is on the queue${askedWords(event.message)}` };
    case 'window_covered':
      return { mark: PLAIN, words: 'is exported already' };
    case 'window_deferred':
      return { mark: WARNING, words: `deferred: ${event.why}` };
    case 'window_failed':
      return { mark: BAD, words: event.error.message };
    case 'window_confirmed':
      return { mark: GOOD, words: `Huawei finished task ${event.taskId}` };
    case 'task_failed':
      return { mark: BAD, words: `${event.error.message} It was attempt ${event.attempt}.` };
    case 'window_lost':
      return {
        mark: BAD,
        words: 'is lost: it was not exported within the 30 days for which Huawei keeps login records',
      };
    case 'window_never_confirmed':
      return { mark: BAD, words: event.error.message };
    case 'coverage_started':
      return { mark: PLAIN, words: `first run with this state: coverage begins at ${event.from}` };
    case 'before_retention':
      return {
        mark: WARNING,
        words: 'start_at asks for these records, but Huawei no longer has them: coverage begins after them',
      };
    case 'row_unreadable':
      return {
        mark: WARNING,
        words: `a row of the ledger cannot be read, so its window counts as not exported: ${event.message}`,
      };
    case 'clock_learnt':
      return clockLine(event.aheadSeconds);
    case 'clock_unknown':
      // The error at the end of the run says the same.
      return undefined;
    case 'coverage_reset':
      return {
        mark: WARNING,
        words: `coverage is set back from ${event.from} to ${event.to}: a clock that was ahead had moved it too far`,
      };
    case 'target_planned':
      return event.windows > 1 ? { mark: PLAIN, words: `${event.windows} windows to export` } : undefined;
    case 'windows_deferred':
      return { mark: WARNING, words: `${count(event.windows, 'window')} deferred: ${event.why}` };
    case 'tasks_unknown':
      return {
        mark: WARNING,
        words: `the result of ${count(event.windows, 'published window')} is unknown. ${event.error.message}`,
      };
    case 'tasks_unclear':
      return {
        mark: WARNING,
        words: `the result of ${count(event.windows, 'published window')} is unknown: ${event.why}`,
      };
    case 'target_assessed':
      return riskLine(event);
    case 'alert_received':
      return {
        mark: PLAIN,
        words: `alert ${event.alertId}${coveredWords(event.tasks)}${reportedWords(event)}`,
      };
    case 'alert_unmatched':
      return { mark: PLAIN, words: `nothing is exported for alert ${event.alertId}: ${event.why}` };
    case 'alert_shortened':
      return {
        mark: WARNING,
        words: `is not exported for alert ${event.alertId}: an export without filters goes back no further than the rule's unfiltered_span`,
      };
    case 'alerts_coalesced':
      return {
        mark: WARNING,
        words: `no slot in this hour for ${event.exports} of the exports: they are joined, without the alerts' filters`,
      };
    case 'request_lost':
      return {
        mark: BAD,
        words: `is lost for alert ${event.alertId}, ${loginWords(event.filters)}: Huawei keeps login records for 30 days`,
      };
    case 'request_unconfirmed':
      return {
        mark: WARNING,
        words: `is published for alert ${event.alertId} and unconfirmed for more than a day: Huawei's task list does not say how these tasks ended: ${event.tasks.join(', ')}`,
      };
    case 'request_exhausted':
      return { mark: BAD, words: event.error.message };
    case 'call_throttled':
      return { mark: WARNING, words: `Huawei throttles; next try in ${seconds(event.waitMilliseconds)}` };
    case 'call_repeated':
      return { mark: WARNING, words: `${event.why} Next try in ${seconds(event.waitMilliseconds)}` };
  }
}

function clockLine(aheadSeconds: number): Line | undefined {
  if (notableOffset(aheadSeconds) === undefined) return undefined;
  const off = `${durationWords(Math.abs(aheadSeconds))} ${aheadSeconds > 0 ? 'ahead of' : 'behind'}`;
  return {
    mark: WARNING,
    words: `the clock of this machine is ${off} Huawei's; the run goes by Huawei's. Set it (NTP)`,
  };
}

function riskLine({ atRisk, hoursLeft }: CoverageEvent): Line | undefined {
  if (atRisk.length === 0) return undefined;
  const words = `${count(atRisk.length, 'window')} at risk: Huawei forgets the oldest in ${hoursLeft.toFixed(1)} h, before the next scheduled run`;
  return { mark: BAD, words };
}

function coveredWords(tasks: readonly string[]): string {
  return tasks.length === 0 ? '' : `: exported already, at least in part, by ${namesOf(tasks)}`;
}

type Reported = Pick<Extract<RunEvent, { type: 'alert_received' }>, 'lost' | 'exhausted'>;

// An alert that is sent again must not look served where it is not.
function reportedWords({ lost, exhausted }: Reported): string {
  const words = [
    ...(lost.length > 0 ? [`${lengthWords(lost)} of it are lost, as reported before`] : []),
    ...(exhausted.length > 0
      ? [`of ${lengthWords(exhausted)} all exports that max_attempts allows have failed`]
      : []),
  ];
  return words.map((one) => `; ${one}`).join('');
}

// Several exports for one alert have the same window and differ in their filters.
function askedWords({ data }: TaskSubmitted): string {
  return data.reason === 'alert' ? `, for ${loginWords(data.request.filters)}` : '';
}

// Only on a terminal: a person may search a file for the whole id.
function withShortId<Event extends { alertId: string }>(event: Event): Event {
  return { ...event, alertId: shortId(event.alertId) };
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
