import { type Alert, NAMED_FILTERS } from '../../domain/alerts/alert.ts';
import { type AlertRule, type AlertScope, DEFAULT_SCOPE } from '../../domain/alerts/alert-rule.ts';
import { InputError, type Issue } from '../../domain/errors.ts';
import type { Filters } from '../../domain/input/filters.ts';
import { suggestion } from '../../domain/input/schema.ts';
import type { Target } from '../../domain/input/target.ts';
import { isAfter, isBefore, later } from '../../domain/time/instant.ts';
import type { Span } from '../../domain/time/spans.ts';
import { matchesRule, whyNoRule } from './rule-match.ts';

/** What one alert asks of one target. The window is as the alert asks for it, and may reach into the future. */
export type AlertInput = {
  alert: Alert;
  target: Target;
  window: Span;
  filters: Filters;
  /**
   * The part before the window that the alert asks for and that is left out, because the export has no filters and the
   * activity lasted longer than `unfilteredSpan`. Reported with the export.
   */
  shortened?: Span;
};

/**
 * What to export for an alert: from the targets that the alert names itself, or else from those of every rule that matches
 * it. Empty when no rule matches. Throws `InputError` for an alert that names an unknown target.
 */
export function matchAlert(
  alert: Alert,
  rules: readonly AlertRule[],
  targets: readonly Target[],
): AlertInput[] {
  const inputs = scopesOf(alert, rules, targets).flatMap(({ target, scope }) =>
    possibleFilters(alert, scope, target).map((derived) => {
      const filters = { ...derived, ...target.filters };
      // All exports of the target have its own filters, so these narrow no export to the alert.
      const isNarrowed = Object.keys(filters).length > Object.keys(target.filters).length;
      return { alert, target, filters, ...windowOf(alert, scope, isNarrowed) };
    }),
  );
  return distinct(inputs);
}

/**
 * Why no rule leads from an alert to an export; the text continues a sentence after the alert's name and a colon. Undefined
 * when a rule does, or when the alert names its targets itself.
 */
export function whyUnmatched(
  alert: Alert,
  rules: readonly AlertRule[],
  targets: readonly Target[],
): string | undefined {
  return scopesOf(alert, rules, targets).length > 0 ? undefined : whyNoRule(alert, rules);
}

function scopesOf(
  alert: Alert,
  rules: readonly AlertRule[],
  targets: readonly Target[],
): { target: Target; scope: AlertScope }[] {
  const named = alert.requested?.targetIds;
  if (named) return namedTargets(targets, named).map((target) => ({ target, scope: DEFAULT_SCOPE }));
  return rules
    .filter(({ match }) => matchesRule(alert, match))
    .flatMap((rule) =>
      targets
        .filter(({ id, enabled }) => enabled && rule.targets.includes(id))
        .map((target) => ({ target, scope: rule })),
    );
}

function windowOf(
  { requested, firstSeen, lastSeen }: Alert,
  { before, after, unfilteredSpan }: AlertScope,
  isNarrowed: boolean,
): Pick<AlertInput, 'window' | 'shortened'> {
  const start = requested?.from ?? firstSeen.subtract(before);
  const end = requested?.to ?? lastSeen.add(after);
  // An explicit request is exported as it is written.
  if (requested || isNarrowed) return { window: { start, end } };
  const soonest = later(firstSeen, lastSeen.subtract(unfilteredSpan)).subtract(before);
  if (!isAfter(soonest, start)) return { window: { start, end } };
  return { window: { start: soonest, end }, shortened: { start, end: soonest } };
}

/**
 * The filters for an alert, without those that contradict the target's own: the target never exports such logins, and the
 * export would have other logins. Throws `InputError` where an explicit request has such filters.
 */
function possibleFilters(alert: Alert, scope: AlertScope, target: Target): Filters[] {
  const possible = filtersOf(alert, scope).filter((filters) => deniedBy(target, filters).length === 0);
  if (possible.length > 0) return possible;
  if (!alert.requested?.filters) return [{}];
  throw new InputError(
    'The alert asks for logins that the target never exports:',
    deniedBy(target, alert.requested.filters).map((name) => ({
      path: `detail.filters.${name}`,
      message: `is not ${JSON.stringify(target.filters[name])}, to which the target "${target.id}" is narrowed`,
    })),
  );
}

function deniedBy({ filters: own }: Target, filters: Filters): (keyof Filters)[] {
  const names = Object.keys(filters) as (keyof Filters)[];
  return names.filter((name) => own[name] !== undefined && own[name] !== filters[name]);
}

/** A filter for each value that the alert names, or one for all records. */
function filtersOf({ requested, named }: Alert, { filters, maxFilters }: AlertScope): Filters[] {
  if (requested?.filters) return [requested.filters];
  const each = NAMED_FILTERS.flatMap((field) => (named[field] ?? []).map((value) => ({ [field]: value })));
  return filters && each.length > 0 && each.length <= maxFilters ? each : [{}];
}

/** Each input once; where several rules give the same input, the one that leaves out most is reported. */
function distinct(inputs: readonly AlertInput[]): AlertInput[] {
  const byIdentity = new Map<string, AlertInput>();
  for (const input of inputs) {
    const same = byIdentity.get(identity(input));
    if (!same || isShortenedMore(input, same)) byIdentity.set(identity(input), input);
  }
  return [...byIdentity.values()];
}

function isShortenedMore({ shortened: a }: AlertInput, { shortened: b }: AlertInput): boolean {
  return a !== undefined && (b === undefined || isBefore(a.start, b.start));
}

function identity({ target, window, filters }: AlertInput): string {
  const inOrder = Object.entries(filters).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([target.id, window.start, window.end, inOrder]);
}

/** The targets that an alert names. Throws one `InputError` for all ids that are unknown or disabled. */
export function namedTargets(targets: readonly Target[], ids: readonly string[]): Target[] {
  const found = new Set<Target>();
  const issues: Issue[] = [];
  for (const [index, id] of ids.entries()) {
    const target = targets.find((one) => one.id === id);
    if (target?.enabled) found.add(target);
    else issues.push({ path: `detail.target_ids[${index}]`, message: messageFor(id, target, targets) });
  }
  if (issues.length > 0) throw new InputError('The alert names targets that cannot be exported:', issues);
  return [...found];
}

function messageFor(id: string, found: Target | undefined, targets: readonly Target[]): string {
  if (found) return `"${id}" is not enabled`;
  const enabled = targets.filter((target) => target.enabled).map((target) => target.id);
  return `"${id}" is not known; ${suggestion(id, enabled)}`;
}
