import type { Filters } from '../domain/filters.ts';
import { oneLine } from '../domain/visible-text.ts';
import type { AlertsReport } from '../exports/alerts/alerts-report.ts';
import type { AlertsPreview } from '../exports/alerts/preview-alerts.ts';
import { count } from './span-words.ts';

/** What came of alerts, in a line. */
export function servedWords({ received, unmatched, targets }: AlertsReport): string {
  const rules = unmatched > 0 ? `; no rule is for ${unmatched === received ? 'any of them' : unmatched}` : '';
  return `${count(received, 'alert')} for ${count(targets.length, 'target')}${rules}.`;
}

/** The exports that are still to come, a line each. */
export function followUpWords({ targets }: AlertsReport): string[] {
  const lines = targets.flatMap(({ target_id, follow_ups }) =>
    follow_ups.map(
      ({ window, filters, due_at }) =>
        `due at ${due_at}: ${target_id} ${window.start} to ${window.end}${narrowWords(filters)}`,
    ),
  );
  return lines.length === 0 ? [] : ['To come, with the first login-export run after it is due:', ...lines];
}

/** ` with public_ip 198.51.100.7`, or nothing. */
export function narrowWords(filters: Filters): string {
  const words = Object.entries(filters).map(([name, value]) => `${name} ${oneLine(value)}`);
  return words.length === 0 ? '' : ` with ${words.join(', ')}`;
}

/** Names no more ids than fit a few lines. */
export function idWords(ids: AlertsPreview['alerts']): string {
  const shown = ids.slice(0, 3).map(oneLine).join(', ');
  return ids.length > 3 ? `${shown} and ${ids.length - 3} more` : shown;
}
