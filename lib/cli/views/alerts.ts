import type { Filters } from '../../domain/input/filters.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { oneLine } from '../../domain/visible-text.ts';
import type { AlertsReport, OpenRequest } from '../../exports/alerts/alert-run.ts';
import { count, listOf, narrowWords } from '../output/format.ts';

/** The result for alerts, in a line. */
export function servedWords({ received, unmatched, targets }: AlertsReport): string {
  const served = `for ${count(targets.length, 'target')}`;
  if (unmatched === 0) return `${count(received, 'alert')} ${served}.`;
  if (unmatched < received)
    return `${count(received, 'alert')}: ${received - unmatched} ${served}, and ${unmatched} that no rule matches.`;
  return `${count(received, 'alert')}. No rule matches, so nothing is exported.`;
}

/** What is still to be exported for the alerts at `now`, a line each: failed exports, and spans that are not due yet. */
export function openWords({ targets }: AlertsReport, now: Instant): string[] {
  const hasFailed = targets.some(
    ({ failed, open_requests }) => failed.length > 0 && open_requests.length > 0,
  );
  const lines = targets.flatMap(({ target_id, open_requests }) =>
    notDueAt(open_requests, now).map(
      ({ window, filters, due_at }) => `${target_id}: ${restWords({ window, filters, dueAt: due_at })}`,
    ),
  );
  return [
    ...(hasFailed ? ['The next run or sweep orders again what failed.'] : []),
    ...(lines.length > 0 ? [NOT_DUE_YET, ...listOf(lines).map((line) => `  ${line}`)] : []),
  ];
}

/** The head of a list of spans that are not due yet. */
export const NOT_DUE_YET = 'Not due yet; exported by the first run or sweep after the due time:';

/** The requests with a span that is not due yet. The other open requests wait for a confirmation or for the next order. */
function notDueAt(open: readonly OpenRequest[], now: Instant): OpenRequest[] {
  return open.filter(({ due_at }) => Date.parse(due_at) > now.epochMilliseconds);
}

type Rest = { window: Record<'start' | 'end', string>; filters: Filters; dueAt: string };

export function restWords({ window: { start, end }, filters, dueAt }: Rest): string {
  return `due at ${dueAt}: the rest of ${start} to ${end}${narrowWords(filters)}`;
}

/** An alert's id; of a long id the end, by which consoles name a finding: `…/4eb1e2b3c4d5f6a7b8c9d0e1f2a3b4c5`. */
export function shortId(id: string): string {
  const letters = [...oneLine(id)];
  if (letters.length <= LONGEST_ID) return letters.join('');
  const end = letters.slice(-LONGEST_ID).join('');
  const slash = end.indexOf('/');
  return `…${slash >= 0 && slash < LONGEST_ID / 2 ? end.slice(slash) : end}`;
}

const LONGEST_ID = 40;
