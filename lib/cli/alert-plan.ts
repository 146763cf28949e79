import type { Instant } from '../domain/instant.ts';
import { spanText } from '../domain/span.ts';
import { oneLine } from '../domain/visible-text.ts';
import { type AlertsPreview, type PreviewedExport, previewAlerts } from '../exports/alerts/preview-alerts.ts';
import type { Clock } from '../ports.ts';
import { type AlertFiles, readAlertFiles } from './alert-event-file.ts';
import { idWords, narrowWords } from './alert-words.ts';
import type { CommandContext } from './command.ts';
import { type LedgerPlace, readLedger } from './read-ledger.ts';
import { count, spanWords, timeWords } from './span-words.ts';
import { wrapped } from './wrapped.ts';

type AlertPlan = AlertFiles & LedgerPlace & { at?: Instant; clock: Clock };

/** Shows what `login-export alert` would do with the same event; changes nothing and calls nobody. */
export async function showAlertPlan(
  options: AlertPlan,
  context: Pick<CommandContext, 'screen' | 'signal' | 'stdin'>,
) {
  const { clock } = options;
  const { screen } = context;
  const { event, demand } = await readAlertFiles(options, options.at ?? clock(), context);
  const { unmatched, targets } = await readLedger(options, (ledger) =>
    previewAlerts({ ledger, clock }, demand),
  );
  screen.document({
    alerts: demand.alerts.map(({ id }) => id),
    unmatched: unmatched.map(({ id }) => id),
    unreadable: event.faults,
    targets: targets.map(documentOf),
  });
  screen.print(`What ${count(demand.alerts.length, 'alert')} would lead to.`);
  screen.print('This is only a plan: nothing is changed, and Huawei is not called.');
  for (const { id, types } of unmatched)
    screen.print(wrapped(oneLine(`No rule is for alert ${id} (${types.join(', ')}).`)));
  for (const { path, problem } of event.faults)
    screen.print(screen.paint('red', wrapped(`Cannot be read: ${path}: ${problem}`)));
  for (const preview of targets) screen.print(targetText(preview, screen.paint('bold', preview.target.id)));
}

function targetText({ target, alerts, atOnce, toCome, tasks, tooOld, folded }: AlertsPreview, name: string) {
  const { timeZone } = target.window;
  const line = ({ window, filters }: PreviewedExport) =>
    `${spanWords(window, timeZone)}${narrowWords(filters)}`;
  const lines = [
    `For ${idWords(alerts)}:`,
    ...(tasks.length > 0 ? [`Exported already, at least in part, by ${tasks.map(oneLine).join(', ')}.`] : []),
    ...tooOld.map((span) => `Huawei no longer has any record of ${spanWords(span, timeZone)}.`),
    ...(folded > 0
      ? [`No place in this hour for ${count(folded, 'export')}: put together, without filters.`]
      : []),
    atOnce.length > 0 ? `At once, ${count(atOnce.length, 'export call')}:` : 'At once: nothing.',
    ...atOnce.map((order) => `  ${line(order)}`),
    ...(toCome.length > 0 ? ['To come:'] : []),
    ...toCome.map((order) => `  due at ${timeWords(order.dueAt, timeZone)}: ${line(order)}`),
  ];
  return ['', name, ...lines.map((text) => wrapped(text, text.startsWith(' ') ? '    ' : '  '))].join('\n');
}

function documentOf({ target, alerts, atOnce, toCome, tasks, tooOld, folded }: AlertsPreview) {
  return {
    target_id: target.id,
    alerts,
    at_once: atOnce.map(exportDocument),
    to_come: toCome.map((order) => ({ ...exportDocument(order), due_at: order.dueAt.toString() })),
    tasks,
    too_old: tooOld.map(spanText),
    folded,
  };
}

function exportDocument({ window, filters, sent, alerts }: PreviewedExport) {
  return {
    ...spanText(window),
    filters,
    login_start_time: sent.loginStartTime,
    login_end_time: sent.loginEndTime,
    alerts: alerts.ids,
  };
}
