import { durationWords } from '../../domain/time/clock-offset.ts';
import { type Instant, isBefore } from '../../domain/time/instant.ts';
import { deadlineOf } from '../../domain/time/retention.ts';
import type { TargetPreview } from '../../exports/run/preview.ts';
import { count, hoursWords, lengthWords, spanWords, timeWords } from '../output/format.ts';
import type { Screen } from '../output/screen.ts';
import { truncateList, wrapped } from '../output/text.ts';

type View = { screen: Screen; now: Instant };

/** Shows what a run would do for a target. */
export function showPlan(preview: TargetPreview, screen: Screen): void {
  const { now } = preview;
  screen.print(`\n${screen.paint('bold', preview.target.id)}`);
  const blocks = [
    clockWords(preview, screen),
    opening(preview),
    table(preview, { screen, now }),
    riskWords(preview, { screen, now }),
    lossWords(preview, screen),
    otherWork(preview),
  ];
  screen.print(blocks.filter((block) => block !== '').join('\n'));
}

function clockWords({ aheadSeconds }: TargetPreview, screen: Screen): string {
  if (aheadSeconds === undefined) return '';
  const off = `${durationWords(Math.abs(aheadSeconds))} ${aheadSeconds > 0 ? 'ahead of' : 'behind'}`;
  const text = `! The clock of the machine that did the last run was ${off} Huawei's; this plan corrects the time by the offset of that run.`;
  return screen.paint('yellow', wrapped(text, '  '));
}

function opening({ target, opensAt, beforeRetention: missing }: TargetPreview): string {
  const tooOld = missing
    ? wrapped(
        `Huawei no longer has ${spanWords(missing, target.window.timeZone)}, which start_at asks for: coverage begins after it.`,
        '  ',
      )
    : '';
  if (!opensAt) return tooOld;
  const coveredFrom = timeWords(opensAt, target.window.timeZone);
  const why = target.startAt?.equals(opensAt) ? 'as start_at says' : 'with the newest window that is due';
  const begins = missing ? `at ${coveredFrom}` : `at ${coveredFrom}, ${why}`;
  const text = `No run yet. The first run would set where coverage begins: ${begins}.`;
  return [wrapped(text, '  '), tooOld].filter((one) => one !== '').join('\n');
}

const LONG_TABLE = { most: 20, first: 10, last: 5 };

function table(preview: TargetPreview, { screen, now }: View): string {
  const { target, windows } = preview;
  const [oldest] = windows;
  if (!oldest) return nothing(preview, now);
  const { timeZone } = target.window;
  const rows = windows.map(({ window, reason, isAtRisk }) => {
    const [start, end] = [timeWords(window.start, timeZone), timeWords(window.end, timeZone)];
    const risk = isAtRisk ? screen.paint('red', `! ${hoursUntilLost(window.start, now)}`) : '';
    return `${start}  ${end}  ${reason.padEnd(8)}  ${risk}`.trimEnd();
  });
  const isRisky = windows.some(({ isAtRisk }) => isAtRisk);
  const width = timeWords(oldest.window.start, timeZone).length;
  const lines = [
    `${count(windows.length, 'window')} to export${windows.length > 1 ? ', in this order' : ''}: ${count(windows.length, 'export call')}.`,
    `  ${'from'.padEnd(width)}  ${'to'.padEnd(width)}  reason${isRisky ? '    forgotten in' : ''}`,
    ...truncateList(rows, LONG_TABLE).map((row) => `  ${row}`),
    `${windows.length > 1 ? 'In the first call' : 'In the call'}: login_start_time ${oldest.sent.loginStartTime},`,
    `  login_end_time ${oldest.sent.loginEndTime}`,
  ];
  return lines.map((line) => `  ${line}`).join('\n');
}

function nothing({ target, publish, lost, leased, exhausted }: TargetPreview, now: Instant): string {
  const { startAt, window } = target;
  if (startAt && isBefore(now, startAt)) {
    const begin = timeWords(startAt, window.timeZone);
    return wrapped(`No window to export: coverage begins at ${begin}, as start_at says.`, '  ');
  }
  const isAllDone = [publish, lost, leased, exhausted].every(({ length }) => length === 0);
  return `  No window to export${isAllDone ? ': every due window has a task' : ''}.`;
}

function riskWords({ windows }: TargetPreview, { screen, now }: View): string {
  const risky = windows.filter(({ isAtRisk }) => isAtRisk);
  const [oldest] = risky;
  if (!oldest) return '';
  const text = `At risk: ${count(risky.length, 'window')}. Huawei begins to forget the oldest in ${hoursUntilLost(oldest.window.start, now)}; the next scheduled run would come too late.`;
  return screen.paint('red', wrapped(text, '  '));
}

function lossWords({ target, lost }: TargetPreview, screen: Screen): string {
  if (lost.length === 0) return '';
  const spans = lost.map((span) => `    ${spanWords(span, target.window.timeZone)}`);
  const text = `Lost: ${lengthWords(lost)} of login records, not exported within the 30 days that Huawei keeps them. The run would record the loss permanently and exit with 1:`;
  return screen.paint('red', [wrapped(text, '  '), ...truncateList(spans, LONG_LIST)].join('\n'));
}

const LONG_LIST = { most: 8, first: 5, last: 2 };

function otherWork({ target, publish, leased, exhausted, confirm }: TargetPreview): string {
  const { timeZone } = target.window;
  const leasedLines = leased.map(
    ({ window, until }) =>
      `Leased by another run until ${timeWords(until, timeZone)}: ${spanWords(window, timeZone)}`,
  );
  const texts = [
    ...truncateList(
      publish.map((span) => `Message to publish, without a call to Huawei: ${spanWords(span, timeZone)}`),
      LONG_LIST,
    ),
    ...truncateList(leasedLines, LONG_LIST),
    ...(exhausted.length > 0
      ? [
          `Exhausted: ${lengthWords(exhausted)}, because all exports that max_attempts allows have failed. Runs order another once max_attempts is raised; on one machine, login-export backfill orders one at once.`,
        ]
      : []),
    ...(confirm > 0
      ? [
          `The run would first look up ${count(confirm, 'published window')} in Huawei's task list. A window whose task failed is then exported again, or recorded as lost if it is too old.`,
        ]
      : []),
  ];
  return texts.map((text) => wrapped(text, '  ')).join('\n');
}

function hoursUntilLost(start: Instant, now: Instant): string {
  return hoursWords(Math.max(0, now.until(deadlineOf(start)).total('hours')));
}
