import { type Alert, NAMED_FILTERS, SEVERITIES } from '../../domain/alert.ts';
import { type AlertRule, type AlertScope, DEFAULT_SCOPE } from '../../domain/alert-rule.ts';
import type { Filters } from '../../domain/filters.ts';
import type { Span } from '../../domain/span.ts';
import type { Target } from '../../domain/target.ts';
import { namedTargets } from './named-targets.ts';

/** What one alert wants exported of one target. The window is as wide as it was asked for, into the future as well. */
export type AlertDemand = { alert: Alert; target: Target; window: Span; filters: Filters };

/**
 * What is to be exported because of an alert: of the targets that it names itself, or else of those of every rule that
 * matches it; nothing when none does. Throws `InputError` for an alert that names a target which is not there.
 */
export function matchAlert(
  alert: Alert,
  rules: readonly AlertRule[],
  targets: readonly Target[],
): AlertDemand[] {
  const demands = scopesOf(alert, rules, targets).flatMap(({ target, scope }) => {
    const window = windowOf(alert, scope);
    return filtersOf(alert, scope).map((derived) => ({
      alert,
      target,
      window,
      filters: { ...derived, ...target.filters },
    }));
  });
  return [...new Map(demands.map((demand) => [identity(demand), demand])).values()];
}

function scopesOf(
  alert: Alert,
  rules: readonly AlertRule[],
  targets: readonly Target[],
): { target: Target; scope: AlertScope }[] {
  const named = alert.asked?.targetIds;
  if (named) return namedTargets(targets, named).map((target) => ({ target, scope: DEFAULT_SCOPE }));
  return rules
    .filter(({ match }) => matches(alert, match))
    .flatMap((rule) =>
      targets
        .filter(({ id, enabled }) => enabled && rule.targets.includes(id))
        .map((target) => ({ target, scope: rule })),
    );
}

function matches(alert: Alert, { type, severityAtLeast, ...same }: AlertRule['match']): boolean {
  if (type !== undefined && !alert.types.some((its) => its.startsWith(type))) return false;
  if (severityAtLeast && SEVERITIES.indexOf(alert.severity) < SEVERITIES.indexOf(severityAtLeast))
    return false;
  return (['source', 'account', 'region'] as const).every(
    (field) => same[field] === undefined || same[field] === alert[field],
  );
}

function windowOf({ asked, firstSeen, lastSeen }: Alert, { before, after }: AlertScope): Span {
  return { start: asked?.from ?? firstSeen.subtract(before), end: asked?.to ?? lastSeen.add(after) };
}

/** One for each value that the alert names, or one that takes all records. */
function filtersOf({ asked, named }: Alert, { filters, maxFilters }: AlertScope): Filters[] {
  if (asked?.filters) return [asked.filters];
  const each = NAMED_FILTERS.flatMap((field) => (named[field] ?? []).map((value) => ({ [field]: value })));
  return filters && each.length > 0 && each.length <= maxFilters ? each : [{}];
}

function identity({ target, window, filters }: AlertDemand): string {
  const inOrder = Object.entries(filters).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([target.id, window.start, window.end, inOrder]);
}
