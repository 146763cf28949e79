import { oneLine } from '../../domain/visible-text.ts';
import type { AlertsStatus } from '../../exports/status/alerts-status.ts';
import { count, lengthWords, narrowWords, spanTimes, spanWords, timeWords } from '../output/format.ts';
import { restWords } from './alerts.ts';
import type { Note } from './note.ts';

/** Notes on the exports for a target's alerts, the most urgent first. */
export function alertNotes(status: AlertsStatus | undefined, timeZone: string): Note[] {
  if (!status) return [];
  return [
    ...unreadableOf(status),
    ...lossOf(status, timeZone),
    ...exhaustedOf(status, timeZone),
    ...neededOf(status, timeZone),
    ...overdueOf(status, timeZone),
    ...toComeOf(status, timeZone),
  ];
}

function unreadableOf({ unreadable }: AlertsStatus): Note[] {
  if (unreadable.length === 0) return [];
  const text = `✗ Alerts: ${count(unreadable.length, 'request')} in the ledger cannot be read, so their logins are not exported. Send the alerts again, and delete the rows (docs/operations.md):`;
  const lines = unreadable.map(({ request, damage }) => oneLine(`${request}: ${damage}`));
  return [{ text, lines, style: 'red' }];
}

function lossOf({ lost }: AlertsStatus, timeZone: string): Note[] {
  if (lost.length === 0) return [];
  const text = `✗ Lost: ${lengthWords(lost)} that alerts asked for, not exported within the 30 days for which Huawei keeps login records.`;
  return [{ text, lines: lost.map((span) => spanWords(span, timeZone)), style: 'red' }];
}

function exhaustedOf({ exhausted }: AlertsStatus, timeZone: string): Note[] {
  if (exhausted.length === 0) return [];
  const text = `○ Alerts: ${lengthWords(exhausted)} exhausted. All exports that max_attempts allows have failed at Huawei, and no other is ordered. Raise max_attempts to order again:`;
  return [{ text, lines: exhausted.map((span) => spanWords(span, timeZone)), style: 'red' }];
}

function neededOf({ needed, lastFailure }: AlertsStatus, timeZone: string): Note[] {
  if (needed.length === 0) return [];
  const text = `○ Alerts: ${count(needed.length, 'export')} to order by the next run or sweep.`;
  const error = lastFailure ? ` Last error (${lastFailure.kind}): ${lastFailure.message}` : '';
  const lines = needed.map(({ window, filters }) => `${spanWords(window, timeZone)}${narrowWords(filters)}`);
  return [{ text: `${text}${error}`, lines, style: 'yellow' }];
}

function overdueOf({ unconfirmedSince: since }: AlertsStatus, timeZone: string): Note[] {
  if (!since) return [];
  const text = `◐ Unconfirmed for more than a day: exports for alerts (the first published at ${timeWords(since, timeZone)}). See login-export doctor.`;
  return [{ text, style: 'yellow' }];
}

function toComeOf({ toCome, unconfirmed, open }: AlertsStatus, timeZone: string): Note[] {
  if (open + unconfirmed === 0) return [];
  const parts = [
    `${count(open, 'request')} open`,
    ...(unconfirmed > 0 ? [`${count(unconfirmed, 'export')} published and not confirmed yet`] : []),
  ];
  const lines = toCome.map(({ request: { window, filters }, dueAt }) =>
    restWords({ window: spanTimes(window, timeZone), filters, dueAt: timeWords(dueAt, timeZone) }),
  );
  return [{ text: `◐ Alerts: ${parts.join(', ')}.`, lines: [...new Set(lines)], style: 'dim' }];
}
