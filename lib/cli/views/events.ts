import type { CoverageEvent, ExportEvent } from '../../domain/exports/events.ts';
import type { TaskSubmitted } from '../../domain/exports/message.ts';
import { durationWords, notableOffset } from '../../domain/time/clock-offset.ts';
import { oneLine } from '../../domain/visible-text.ts';
import type { TargetReport } from '../../exports/window/report.ts';
import { count, lengthWords, loginWords, namesOf, shortId, spanWords } from '../output/format.ts';
import type { Screen } from '../output/screen.ts';
import { fitted } from '../output/text.ts';

/** Tells what happens in a run as it happens, a line an event. */
export function printEvent(screen: Screen, event: ExportEvent): void {
  const said = line(screen.terminal && 'alertId' in event ? withShortId(event) : event);
  if (!said) return;
  const { mark, words } = said;
  const window = 'window' in event ? ` ${spanWords(event.window, 'UTC')}` : '';
  const text = `${event.targetId}${window}  ${oneLine(words)}`;
  screen.print(`  ${screen.paint(mark.style, mark.sign)} ${fitted(screen, text, '    ')}`);
}

/** What a run came to, in one line. */
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

function line(event: ExportEvent): Line | undefined {
  switch (event.type) {
    case 'window_accepted':
      return {
        mark: GOOD,
        words: `Huawei accepted it as task ${event.taskId} (${Math.round(event.callMilliseconds)} ms)`,
      };
    case 'window_published':
      return { mark: GOOD, words: `message ${event.message.id} is on the queue${askedWords(event.message)}` };
    case 'window_covered':
      return { mark: PLAIN, words: 'was exported before; nothing to do' };
    case 'window_deferred':
      return { mark: WARNING, words: `left alone: ${event.why}` };
    case 'window_failed':
      return { mark: BAD, words: event.error.message };
    case 'window_confirmed':
      return { mark: GOOD, words: `Huawei finished task ${event.taskId}` };
    case 'task_failed':
      return { mark: BAD, words: `${event.error.message} It was attempt ${event.attempt}.` };
    case 'window_lost':
      return {
        mark: BAD,
        words: 'is lost: it was not exported within the 30 days that Huawei keeps its records',
      };
    case 'window_never_confirmed':
      return { mark: BAD, words: event.error.message };
    case 'coverage_started':
      return { mark: PLAIN, words: `the state knew nothing of it: coverage begins at ${event.from}` };
    case 'before_retention':
      return {
        mark: WARNING,
        words: 'start_at asks for this, and Huawei no longer has it: coverage begins after it',
      };
    case 'row_unreadable':
      return {
        mark: WARNING,
        words: `a row of the ledger cannot be read, so what it is for counts as not exported: ${event.message}`,
      };
    case 'clock_learnt':
      return clockLine(event.aheadSeconds);
    case 'clock_unknown':
      // The run's own error says the same at its end.
      return undefined;
    case 'coverage_reset':
      return {
        mark: WARNING,
        words: `coverage goes back from ${event.from} to ${event.to}: a clock that was ahead had moved it`,
      };
    case 'target_planned':
      return event.windows > 1 ? { mark: PLAIN, words: `${event.windows} windows to export` } : undefined;
    case 'windows_deferred':
      return { mark: WARNING, words: `${event.windows} windows deferred: ${event.why}` };
    case 'tasks_unknown':
      return {
        mark: WARNING,
        words: `nobody can say what became of ${event.windows} published windows. ${event.error.message}`,
      };
    case 'tasks_unclear':
      return {
        mark: WARNING,
        words: `nobody can say what became of ${count(event.windows, 'published window')}: ${event.why}`,
      };
    case 'target_assessed':
      return riskLine(event);
    case 'alert_received':
      return { mark: PLAIN, words: `alert ${event.alertId}${coveredWords(event.tasks)}${toldWords(event)}` };
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
        words: `is published for alert ${event.alertId}, and for more than a day Huawei's task list has not said how these tasks ended: ${event.tasks.join(', ')}`,
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
  const words = `${atRisk.length} windows at risk: Huawei forgets the oldest in ${hoursLeft.toFixed(1)} h, before the next scheduled run`;
  return { mark: BAD, words };
}

function coveredWords(tasks: readonly string[]): string {
  return tasks.length === 0 ? '' : `: exported already, at least in part, by ${namesOf(tasks)}`;
}

type Told = Pick<Extract<ExportEvent, { type: 'alert_received' }>, 'lost' | 'exhausted'>;

// Who sends an alert again must not take silence for success.
function toldWords({ lost, exhausted }: Told): string {
  const words = [
    ...(lost.length > 0 ? [`${lengthWords(lost)} of it are lost, as was told before`] : []),
    ...(exhausted.length > 0
      ? [`of ${lengthWords(exhausted)} all exports that max_attempts allows have failed`]
      : []),
  ];
  return words.map((one) => `; ${one}`).join('');
}

// Several exports for one alert are of one window.
function askedWords({ data }: TaskSubmitted): string {
  return data.reason === 'alert' ? `, for ${loginWords(data.request.filters)}` : '';
}

// On a terminal alone: whoever searches a file may look for all of it.
function withShortId<Event extends { alertId: string }>(event: Event): Event {
  return { ...event, alertId: shortId(event.alertId) };
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
