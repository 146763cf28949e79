import type { Filters } from '../../domain/input/filters.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { Span } from '../../domain/time/spans.ts';
import { oneLine } from '../../domain/visible-text.ts';
import type { AlertsReport, OpenRequest } from '../../exports/alerts/run.ts';
import { truncateList } from './text.ts';

/** An instant in a zone, to the second, as RFC 3339: it can be given back as an option's value. */
export function timeWords(at: Instant, timeZone: string): string {
  return at.toString({ timeZone, smallestUnit: 'second' }).replace(/\+00:00$/, 'Z');
}

export function spanWords(span: Span, timeZone: string): string {
  const { start, end } = spanTimes(span, timeZone);
  return `${start} to ${end}`;
}

/** Both ends of a span, as `timeWords`. */
export function spanTimes({ start, end }: Span, timeZone: string): Record<'start' | 'end', string> {
  return { start: timeWords(start, timeZone), end: timeWords(end, timeZone) };
}

/** How long all the spans are together. */
export function lengthWords(spans: readonly Span[]): string {
  return hoursWords(spans.reduce((sum, { start, end }) => sum + start.until(end).total('hours'), 0));
}

/** Hours for people: minutes below one hour, days above two of them. */
export function hoursWords(hours: number): string {
  if (hours >= 48) return `${rounded(hours / 24)} days`;
  return hours >= 1 ? `${rounded(hours)} h` : `${Math.floor(hours * 60)} min`;
}

// Down: nobody should think that there is more time than there is.
function rounded(value: number): string {
  return String(Math.floor(value * 10) / 10);
}

/** "1 window", "2 windows". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** What came of alerts, in a line. */
export function servedWords({ received, unmatched, targets }: AlertsReport): string {
  const served = `for ${count(targets.length, 'target')}`;
  if (unmatched === 0) return `${count(received, 'alert')} ${served}.`;
  if (unmatched < received)
    return `${count(received, 'alert')}: ${received - unmatched} ${served}, and ${unmatched} that no rule is for.`;
  return `${count(received, 'alert')}. No rule asks for an export, so nothing is exported.`;
}

/** What is still to be done for the alerts at `now`, a line each: what failed, and what is not complete yet. */
export function openWords({ targets }: AlertsReport, now: Instant): string[] {
  const hasFailed = targets.some(
    ({ failed, open_requests }) => failed.length > 0 && open_requests.length > 0,
  );
  const lines = targets.flatMap(({ target_id, open_requests }) =>
    laterThan(open_requests, now).map(
      ({ window, filters, due_at }) => `${target_id}: ${restWords({ window, filters, dueAt: due_at })}`,
    ),
  );
  return [
    ...(hasFailed ? ['What is kept of it is ordered again by the next run or sweep.'] : []),
    ...(lines.length > 0 ? [STILL_TO_COME, ...listOf(lines).map((line) => `  ${line}`)] : []),
  ];
}

/** The head of a list of what is to come. */
export const STILL_TO_COME = 'Still to come, by the first run or sweep after it is due:';

/** The requests of which a rest is to come: the others wait for their exports to be confirmed, or to be ordered again. */
export function laterThan(open: readonly OpenRequest[], now: Instant): OpenRequest[] {
  return open.filter(({ due_at }) => Date.parse(due_at) > now.epochMilliseconds);
}

type Rest = { window: Record<'start' | 'end', string>; filters: Filters; dueAt: string };

export function restWords({ window: { start, end }, filters, dueAt }: Rest): string {
  return `due at ${dueAt}: the rest of ${start} to ${end}${narrowWords(filters)}`;
}

/** ` with public_ip 198.51.100.7`, or nothing. */
export function narrowWords(filters: Filters): string {
  const words = Object.entries(filters).map(([name, value]) => `${name} ${oneLine(value)}`);
  return words.length === 0 ? '' : ` with ${words.join(', ')}`;
}

/** `logins with public_ip 198.51.100.7`, or `all logins`. */
export function loginWords(filters: Filters): string {
  const words = narrowWords(filters);
  return words === '' ? 'all logins' : `logins${words}`;
}

/** A list that a storm of alerts does not make endless: each line once, of many the first and the last. */
export function listOf(lines: readonly string[]): string[] {
  return truncateList([...new Set(lines)], { most: 8, first: 5, last: 2 });
}

/** Names no more than fit a few lines. */
export function namesOf(names: readonly string[], nameOf: (name: string) => string = oneLine): string {
  const shown = names.slice(0, 3).map(nameOf).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/** An alert's id; of a long one the end, by which consoles name a finding: `…/4eb1e2b3c4d5f6a7b8c9d0e1f2a3b4c5`. */
export function shortId(id: string): string {
  const letters = [...oneLine(id)];
  if (letters.length <= LONGEST_ID) return letters.join('');
  const end = letters.slice(-LONGEST_ID).join('');
  const slash = end.indexOf('/');
  return `…${slash >= 0 && slash < LONGEST_ID / 2 ? end.slice(slash) : end}`;
}

const LONGEST_ID = 40;
