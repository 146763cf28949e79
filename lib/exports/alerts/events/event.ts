import * as z from 'zod/mini';
import type { Alert } from '../../../domain/alerts/alert.ts';
import { InputError, type Issue } from '../../../domain/errors.ts';
import { issuesOf, readInput, wordIssue } from '../../../domain/input/schema.ts';
import type { Instant } from '../../../domain/time/instant.ts';
import { latestOf } from './activity-period.ts';
import { asffFinding } from './asff.ts';
import { type Arrival, envelope, type ReportedFinding } from './envelope.ts';
import { valuesAt } from './fields.ts';
import { guardDutyFinding } from './guardduty.ts';
import { ocsfFinding } from './ocsf.ts';
import { EXPORT_REQUESTED, exportRequest } from './request.ts';
import { wrongEnvelope } from './wrong-envelope.ts';

export type AlertEvent = {
  alerts: Alert[];
  /** Of findings that cannot be read; the others of the event are served all the same. */
  issues: Issue[];
};

type Format = {
  source?: string;
  report: (arrivedAt: Instant) => z.ZodMiniType<ReportedFinding>;
  listed: 'always' | 'mostly' | 'never';
  /** A person chose the findings. */
  isChosen?: true;
};

/**
 * Security Hub documents the detail of all its events as `{"findings": [...]}`; that of a custom action also has
 * `actionName` and `actionDescription`.
 * Source: Security Hub user guide, EventBridge event formats (for Security Hub CSPM, and for Security Hub).
 */
const FORMATS = new Map<unknown, Format>([
  ['GuardDuty Finding', { source: 'aws.guardduty', report: () => guardDutyFinding, listed: 'never' }],
  [
    'Security Hub Findings - Imported',
    { source: 'aws.securityhub', report: () => asffFinding, listed: 'always' },
  ],
  [
    'Security Hub Findings - Custom Action',
    { source: 'aws.securityhub', report: () => asffFinding, listed: 'always', isChosen: true },
  ],
  ['Findings Imported V2', { source: 'aws.securityhub', report: () => ocsfFinding, listed: 'mostly' }],
  [EXPORT_REQUESTED, { report: exportRequest, listed: 'never' }],
]);

const NAMES = [...FORMATS.keys()].map((name) => `"${name}"`).join(', ');

const NOT_OURS = `The event is not one of the alert export: expected an EventBridge event with "detail-type" one of ${NAMES}.`;

/**
 * Reads the event of the alert export; `arrivedAt` is when the event arrived, and no activity in it is later. Unknown keys
 * are ignored, except in the detail of a `Login Export Requested`. Throws one `InputError` when no finding of the event can
 * be read.
 */
export function readAlertEvent(event: unknown, { arrivedAt }: { arrivedAt: Instant }): AlertEvent {
  const format = FORMATS.get(valuesAt(event, 'detail-type')[0]);
  if (format) return readAlerts(event, format, arrivedAt);
  const wrong = wrongEnvelope(event);
  if (wrong) throw new InputError(NOT_OURS, [wrong]);
  readInput(z.looseObject({}), event, NOT_OURS);
  throw new InputError(NOT_OURS, [{ path: 'detail-type', message: `must be one of ${NAMES}` }]);
}

/**
 * Returns `value`, or throws one `InputError` for the findings of the event that cannot be read. For the end of a run, when
 * all other findings are served.
 */
export function orThrowIssues<Value>({ issues }: { issues: readonly Issue[] }, value: Value): Value {
  if (issues.length > 0) throw unreadable(issues);
  return value;
}

function readAlerts(event: unknown, format: Format, arrivedAt: Instant): AlertEvent {
  const around = envelope(format.source).safeParse(event, { error: wordIssue });
  const { places, issues } = placesOf(event, format);
  const schema = format.report(around.success ? latestOf(around.data.time, arrivedAt) : arrivedAt);
  const findings = places.map((place) => readAt(place, schema));
  const unread = [...issues, ...findings.flatMap((finding) => finding.issues)];
  if (!around.success) throw unreadable([...issuesOf(around.error), ...unread]);
  const outcomes = findings.map((finding) => alertOf(finding, { ...around.data, arrivedAt }));
  const alerts = outcomes.flatMap(({ alert }) => alert ?? []);
  const all = [...issues, ...outcomes.flatMap((outcome) => outcome.issues)];
  if (alerts.length === 0) throw unreadable(all);
  const isChosen = format.isChosen === true;
  return {
    alerts: isChosen ? alerts.map((alert) => ({ ...alert, isChosen })) : alerts,
    issues: bounded(all),
  };
}

const NO_FINDINGS: Issue = { path: 'detail.findings', message: 'must be a list of at least one finding' };

const IN_TEXT: Issue = {
  path: 'detail',
  message: 'must be an object (a mapping), and is text',
  fix: 'give the object itself, without quotes around it and backslashes in it',
};

type Place = { path: string; value: unknown };

function placesOf(event: unknown, { listed }: Format): { places: Place[]; issues: Issue[] } {
  const [detail] = valuesAt(event, 'detail');
  if (typeof detail === 'string') return { places: [], issues: [IN_TEXT] };
  const isAlone = listed === 'never' || (listed === 'mostly' && valuesAt(detail, 'findings').length === 0);
  if (isAlone) return { places: [{ path: 'detail', value: detail }], issues: [] };
  const places = valuesAt(detail, 'findings[]').map((value, index) => ({
    path: `detail.findings[${index}]`,
    value,
  }));
  return { places, issues: places.length > 0 ? [] : [NO_FINDINGS] };
}

type Finding = { path: string; reported?: ReportedFinding; issues: Issue[] };

function readAt({ path, value }: Place, schema: z.ZodMiniType<ReportedFinding>): Finding {
  const result = z.object({ at: schema }).safeParse({ at: value }, { error: wordIssue });
  if (result.success) return { path, reported: result.data.at, issues: [] };
  const issues = issuesOf(result.error).map((issue) => ({ ...issue, path: issue.path.replace(/^at/, path) }));
  return { path, issues };
}

const NO_TIME =
  'does not say when it was seen, and neither does the "time" of the event: times before 2000 and more than a year ' +
  'ahead count as not given';

function alertOf({ path, reported, issues }: Finding, arrival: Arrival): { alert?: Alert; issues: Issue[] } {
  if (!reported) return { issues };
  const alert = reported(arrival);
  return alert ? { alert, issues: [] } : { issues: [{ path, message: NO_TIME }] };
}

function unreadable(issues: readonly Issue[]): InputError {
  return new InputError('The event of the alert export cannot be read:', bounded(issues));
}

const MOST_ISSUES = 50;
const LONGEST_PATH = 200;

// Others write the event: its keys, and its list of findings, may be of any length.
function bounded(issues: readonly Issue[]): Issue[] {
  const shown = issues
    .slice(0, MOST_ISSUES)
    .map((issue) => ({ ...issue, path: issue.path.slice(0, LONGEST_PATH) }));
  const more = issues.length - shown.length;
  return more === 0
    ? shown
    : [...shown, { path: '(the whole document)', message: `has ${more} issues more` }];
}
