import type { Filters } from '../../domain/input/filters.ts';
import { type Instant, isAfter } from '../../domain/time/instant.ts';
import { type Span, spanText } from '../../domain/time/spans.ts';
import type { AlertsPreview, PreviewedExport } from '../../exports/alerts/alert-preview.ts';
import { openRequest } from '../../exports/alerts/alert-run.ts';
import { dueAt } from '../../exports/alerts/requests/needs.ts';
import { count, listOf, namesOf, narrowWords, spanTimes, spanWords, timeWords } from '../output/format.ts';
import { hanging } from '../output/text.ts';
import { NOT_DUE_YET, restWords, shortId } from './alerts.ts';

/** What an alert would do for one target. */
export function alertPlanText(preview: AlertsPreview, { name, now }: { name: string; now: Instant }): string {
  const { alerts, tasks, atOnce, coalesced } = preview;
  const { timeZone } = preview.target.window;
  const exportWords = ({ window, filters }: { window: Span; filters: Filters }) =>
    `${spanWords(window, timeZone)}${narrowWords(filters)}`;
  const lines = [
    `For ${alerts.length === 1 ? 'alert' : `${alerts.length} alerts:`} ${namesOf(alerts, shortId)}`,
    ...(tasks.length > 0 ? [`Exported already, at least in part, by ${namesOf(tasks)}.`] : []),
    ...leftOutWords(preview),
    ...(coalesced > 0 ? [`No slot in this hour for ${count(coalesced, 'export')}: ${JOINED}`] : []),
    ...(atOnce.length === 0 ? ['At once: nothing.'] : []),
    ...entries(`At once, ${count(atOnce.length, 'export call')}:`, atOnce.map(exportWords)),
    ...entries('When there is a slot, in a later run or sweep:', preview.waiting.map(exportWords)),
    ...entries(NOT_DUE_YET, restsOf(preview, now)),
  ];
  return ['', name, ...lines.map((text) => hanging(text, text.startsWith(' ') ? '    ' : '  '))].join('\n');
}

const JOINED = "they are joined, without the alerts' filters.";

function leftOutWords({ target, shortened, lost }: AlertsPreview): string[] {
  const { timeZone } = target.window;
  return listOf([
    ...shortened.map(
      (span) =>
        `Left out: ${spanWords(span, timeZone)}. An export without filters goes no further back (unfiltered_span).`,
    ),
    ...lost.map((span) => `Lost: ${spanWords(span, timeZone)}. Huawei keeps login records for 30 days.`),
  ]);
}

function restsOf({ target, open }: AlertsPreview, now: Instant): string[] {
  const { timeZone } = target.window;
  return open
    .map((request) => ({ ...request, due: dueAt(request, target) }))
    .filter(({ due }) => isAfter(due, now))
    .map(({ window, filters, due }) =>
      restWords({ window: spanTimes(window, timeZone), filters, dueAt: timeWords(due, timeZone) }),
    );
}

function entries(head: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [head, ...listOf(lines).map((line) => `  ${line}`)];
}

/** What `--json` prints of one target. */
export function alertPlanDocument(preview: AlertsPreview) {
  const { target, alerts, atOnce, waiting, open, tasks, lost, coalesced, shortened } = preview;
  return {
    target_id: target.id,
    alerts,
    at_once: atOnce.map(exportDocument),
    waiting: waiting.map(({ window, filters }) => ({ ...spanText(window), filters })),
    open_requests: open.map((request) => openRequest(request, target)),
    tasks,
    lost: lost.map(spanText),
    shortened: shortened.map(spanText),
    coalesced,
  };
}

function exportDocument({ window, filters, sent, alerts }: PreviewedExport) {
  return {
    ...spanText(window),
    filters,
    login_start_time: sent.loginStartTime,
    login_end_time: sent.loginEndTime,
    alerts: alerts.ids,
    coalesced: alerts.coalesced,
  };
}
