import type { AlertOrder } from '../domain/alert-book.ts';
import type { AlertsStatus } from '../exports/status/alerts-status.ts';
import { narrowWords } from './alert-words.ts';
import { shortened } from './shortened.ts';
import { count, lengthWords, spanWords, timeWords } from './span-words.ts';
import type { Finding } from './status-findings.ts';

/** What is to be said of the exports for a target's alerts, the most urgent first. */
export function alertFindings(status: AlertsStatus | undefined, timeZone: string): Finding[] {
  if (!status) return [];
  const words = (order: AlertOrder) => `${spanWords(order.window, timeZone)}${narrowWords(order.filters)}`;
  return [...lossOf(status, timeZone), ...failingOf(status, words), ...toComeOf(status, words, timeZone)];
}

function lossOf({ lost }: AlertsStatus, timeZone: string): Finding[] {
  if (lost.length === 0) return [];
  const text = `✗ Lost for good: ${lengthWords(lost)} that alerts asked for, not exported within the 30 days that Huawei keeps login records.`;
  return [{ text, lines: lost.map((span) => spanWords(span, timeZone)), style: 'red' }];
}

function failingOf({ failing, lastFailure }: AlertsStatus, words: Words): Finding[] {
  if (failing.length === 0) return [];
  const text = `○ Alerts: ${count(failing.length, 'export')} without a task; the next run or sweep tries again.`;
  const error = lastFailure ? ` Last error (${lastFailure.kind}): ${lastFailure.message}` : '';
  return [{ text: listed(`${text}${error}`, failing.map(words)), style: 'yellow' }];
}

function toComeOf({ toCome, unconfirmed }: AlertsStatus, words: Words, timeZone: string): Finding[] {
  const parts = [
    ...(unconfirmed > 0 ? [`${count(unconfirmed, 'export')} announced and not confirmed yet`] : []),
    ...(toCome.length > 0 ? [`${count(toCome.length, 'export')} to come`] : []),
  ];
  if (parts.length === 0) return [];
  const lines = toCome.map((order) => `due at ${timeWords(order.dueAt, timeZone)}: ${words(order)}`);
  return [{ text: listed(`◐ Alerts: ${parts.join(', ')}.`, lines), style: 'dim' }];
}

// As text, which is wrapped: what alerts name may be long.
function listed(head: string, lines: readonly string[]): string {
  return [head, ...shortened(lines, LONG_LIST).map((line) => `· ${line}`)].join('\n');
}

const LONG_LIST = { most: 8, first: 5, last: 2 };

type Words = (order: AlertOrder) => string;
