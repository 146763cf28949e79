import { Temporal } from 'temporal-polyfill';
import * as z from 'zod/mini';
import { InputError, type Issue } from '../errors.ts';
import {
  duplicates,
  idPattern,
  issuesOf,
  pattern,
  strictObject,
  suggestion,
  visibleLine,
  wholeNumber,
  wordIssue,
} from '../input/schema.ts';
import type { Target } from '../input/target.ts';
import { duration } from '../time/duration.ts';
import { SEVERITIES, type Severity } from './severity.ts';

/** Which alerts lead to exports of which targets. Every rule that matches applies. */
export type AlertRule = AlertScope & {
  /** Unique; logs name it. */
  id: string;
  /** All given conditions must match. An absent condition matches every alert. */
  match: {
    source?: string;
    /** One of the alert's types begins with it. */
    type?: string;
    severityAtLeast?: Severity;
    account?: string;
    region?: string;
    /** Also findings that are archived, deleted, resolved or suppressed, and samples. */
    includeInactive?: boolean;
    /** Also findings about compliance and vulnerabilities. */
    includePosture?: boolean;
  };
  /** Ids of targets. */
  targets: readonly string[];
};

/** How much is exported because of an alert. */
export type AlertScope = {
  /** The time before the first and after the last sighting for which logins are exported. */
  before: Temporal.Duration;
  after: Temporal.Duration;
  /** Whether exports are narrowed to the addresses, users and machines that the alert names. */
  filters: boolean;
  /**
   * The longest time between the first and the last sighting for an export without filters. Without this limit, a finding
   * that has been open for weeks would export every login of weeks. `before` is added to this time.
   */
  unfilteredSpan: Temporal.Duration;
  /** The most narrowed exports of one alert for a target. An alert that names more values gets one export without filters. */
  maxFilters: number;
};

/** The defaults of a rule. */
export const DEFAULT_SCOPE: AlertScope = {
  before: Temporal.Duration.from('PT2H'),
  after: Temporal.Duration.from('PT30M'),
  unfilteredSpan: Temporal.Duration.from('PT72H'),
  filters: true,
  maxFilters: 5,
};

const oneOfTheSeverities = `must be one of ${SEVERITIES.join(', ')}`;

const account = z
  .string('must be text: put the number in quotes, such as "012345678901"')
  .check(z.regex(/^\d{12}$/, 'must be the 12 digits of an AWS account id, such as "012345678901"'));

// The end of a span is exclusive, so the last sighting is in the span only if time is added after it.
const after = duration({ atMostHours: 168 }).check(
  z.refine((value) => value.total('seconds') >= 1, 'must be at least PT1S, or the last sighting is left out'),
);

const match = z.pipe(
  strictObject({
    source: z.exactOptional(named('the source of an event, such as aws.guardduty')),
    type: z.exactOptional(named('how a type of alert begins, such as UnauthorizedAccess:IAMUser/')),
    severity_at_least: z.exactOptional(z.enum(SEVERITIES, oneOfTheSeverities)),
    account: z.exactOptional(account),
    region: z.exactOptional(pattern(/^[a-z]+(-[a-z]+)+-\d+$/, 'must be an AWS region such as eu-central-1')),
    include_inactive: z.exactOptional(trueOrFalse()),
    include_posture: z.exactOptional(trueOrFalse()),
  }),
  z.transform(({ severity_at_least, include_inactive, include_posture, ...rest }): AlertRule['match'] => ({
    ...rest,
    ...(severity_at_least === undefined ? {} : { severityAtLeast: severity_at_least }),
    ...(include_inactive === undefined ? {} : { includeInactive: include_inactive }),
    ...(include_posture === undefined ? {} : { includePosture: include_posture }),
  })),
);

/** A rule in YAML, read into an `AlertRule` with every default filled in. */
const alertRule = z.pipe(
  strictObject({
    id: idPattern,
    match,
    targets: z.array(z.string()).check(z.minLength(1, 'must name at least one target')),
    before: z._default(duration({ atMostHours: 720 }), DEFAULT_SCOPE.before),
    after: z._default(after, DEFAULT_SCOPE.after),
    unfiltered_span: z._default(duration({ atMostHours: 720 }), DEFAULT_SCOPE.unfilteredSpan),
    filters: z._default(trueOrFalse(), DEFAULT_SCOPE.filters),
    max_filters: z._default(wholeNumber({ atMost: 60 }), DEFAULT_SCOPE.maxFilters),
  }),
  z.transform(
    ({ max_filters, unfiltered_span, ...rest }): AlertRule => ({
      ...rest,
      maxFilters: max_filters,
      unfilteredSpan: unfiltered_span,
    }),
  ),
);

function named(what: string) {
  return visibleLine().check(
    z.minLength(1, `must be ${what}, or left out to match all`),
    z.maxLength(256, 'must have at most 256 characters, as no more of an alert is read'),
  );
}

function trueOrFalse() {
  return z.boolean('must be true or false');
}

type Options = {
  /** What the document is called in errors, such as `infra/settings/alerts.yml`. */
  source: string;
  /** The targets that rules may name. */
  targets: readonly Target[];
};

const alertsFile = strictObject({ rules: z.array(alertRule) });

/** Reads the alerts document (parsed YAML or JSON), or throws one `InputError` that lists all its issues. */
export function readAlertRules(document: unknown, { source, targets }: Options): AlertRule[] {
  const result = alertsFile.safeParse(document, { error: wordIssue });
  const known = targets.map(({ id }) => id);
  const issues = [...(result.error ? issuesOf(result.error) : []), ...crossIssues(document, known)];
  if (!result.success || issues.length > 0) throw new InputError(`Invalid alerts file ${source}:`, issues);
  return result.data.rules;
}

// A check of several values reads the raw document, so that its issues are reported together with all others.
const text = z.catch(z.optional(z.string()), undefined);
const sketchedRule = z.object({ id: text, targets: z.catch(z.array(text), []) });
const sketch = z.object({ rules: z.array(z.catch(sketchedRule, { id: undefined, targets: [] })) });

function crossIssues(document: unknown, known: readonly string[]): Issue[] {
  const rules = sketch.safeParse(document).data?.rules ?? [];
  const ids = rules.map(({ id }) => id);
  return [
    ...duplicates(ids, (index) => `rules[${index}].id`),
    ...rules.flatMap(({ targets }, index) => targetIssues(targets, known, `rules[${index}].targets`)),
  ];
}

function targetIssues(ids: readonly (string | undefined)[], known: readonly string[], path: string): Issue[] {
  const unknown = ids.flatMap((id, index) => {
    if (id === undefined || known.includes(id)) return [];
    return [{ path: `${path}[${index}]`, message: 'is not the id of a target', fix: suggestion(id, known) }];
  });
  return [...unknown, ...duplicates(ids, (index) => `${path}[${index}]`)];
}
