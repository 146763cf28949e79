import * as z from 'zod/mini';
import type { Alert } from '../../domain/alert.ts';
import { type Fault, InputError } from '../../domain/errors.ts';
import { faultsOf, readInput, wordIssue } from '../../domain/faults.ts';
import type { Instant } from '../../domain/instant.ts';
import { asffFinding } from './asff-finding.ts';
import { type Arrival, envelope, type Reported } from './event-envelope.ts';
import { EXPORT_REQUESTED, exportRequest } from './export-request.ts';
import { guardDutyFinding } from './guardduty-finding.ts';
import { ocsfFinding } from './ocsf-finding.ts';
import { latestOf } from './seen-between.ts';
import { valuesAt } from './values-at.ts';
import { wrongEnvelope } from './wrong-envelope.ts';

export type AlertEvent = {
  alerts: Alert[];
  /** Of the findings of a list that cannot be read; the others are served all the same. */
  faults: Fault[];
};

type Format = {
  source?: string;
  report: (arrivedAt: Instant) => z.ZodMiniType<Reported>;
  listed: 'always' | 'mostly' | 'never';
  /** A person picked the findings out. */
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
 * Reads the event of the alert export, which came at `arrivedAt`: nothing in it was seen later than that. Keys that it
 * does not know are ignored, except in what a `Login Export Requested` asks for. Throws one `InputError` when nothing
 * of the event can be read.
 */
export function readAlertEvent(event: unknown, { arrivedAt }: { arrivedAt: Instant }): AlertEvent {
  const format = FORMATS.get(valuesAt(event, 'detail-type')[0]);
  if (format) return readAlerts(event, format, arrivedAt);
  const wrong = wrongEnvelope(event);
  if (wrong) throw new InputError(NOT_OURS, [wrong]);
  readInput(z.looseObject({}), event, NOT_OURS);
  throw new InputError(NOT_OURS, [{ path: 'detail-type', problem: `must be one of ${NAMES}` }]);
}

/**
 * Hands `value` on, or throws one `InputError` for the findings of the event that cannot be read. For the end of a run,
 * when all the others are served.
 */
export function orThrowFaults<Value>({ faults }: { faults: readonly Fault[] }, value: Value): Value {
  if (faults.length > 0) throw unreadable(faults);
  return value;
}

function readAlerts(event: unknown, format: Format, arrivedAt: Instant): AlertEvent {
  const around = envelope(format.source).safeParse(event, { error: wordIssue });
  const { places, faults } = placesOf(event, format);
  const schema = format.report(around.success ? latestOf(around.data.time, arrivedAt) : arrivedAt);
  const findings = places.map((place) => readAt(place, schema));
  const unread = [...faults, ...findings.flatMap((finding) => finding.faults)];
  if (!around.success) throw unreadable([...faultsOf(around.error), ...unread]);
  const outcomes = findings.map((finding) => alertOf(finding, { ...around.data, arrivedAt }));
  const alerts = outcomes.flatMap(({ alert }) => alert ?? []);
  const all = [...faults, ...outcomes.flatMap((outcome) => outcome.faults)];
  if (alerts.length === 0) throw unreadable(all);
  const isChosen = format.isChosen === true;
  return {
    alerts: isChosen ? alerts.map((alert) => ({ ...alert, isChosen })) : alerts,
    faults: bounded(all),
  };
}

const NO_FINDINGS: Fault = { path: 'detail.findings', problem: 'must be a list of at least one finding' };

const IN_TEXT: Fault = {
  path: 'detail',
  problem: 'must be an object (a mapping), and is text',
  fix: 'Give the object itself, without quotes around it and backslashes in it',
};

type Place = { path: string; value: unknown };

function placesOf(event: unknown, { listed }: Format): { places: Place[]; faults: Fault[] } {
  const [detail] = valuesAt(event, 'detail');
  if (typeof detail === 'string') return { places: [], faults: [IN_TEXT] };
  const isAlone = listed === 'never' || (listed === 'mostly' && valuesAt(detail, 'findings').length === 0);
  if (isAlone) return { places: [{ path: 'detail', value: detail }], faults: [] };
  const places = valuesAt(detail, 'findings[]').map((value, index) => ({
    path: `detail.findings[${index}]`,
    value,
  }));
  return { places, faults: places.length > 0 ? [] : [NO_FINDINGS] };
}

type Finding = { path: string; reported?: Reported; faults: Fault[] };

function readAt({ path, value }: Place, schema: z.ZodMiniType<Reported>): Finding {
  const result = z.object({ at: schema }).safeParse({ at: value }, { error: wordIssue });
  if (result.success) return { path, reported: result.data.at, faults: [] };
  const faults = faultsOf(result.error).map((fault) => ({ ...fault, path: fault.path.replace(/^at/, path) }));
  return { path, faults };
}

const NO_TIME =
  'says nowhere when it was seen, and neither does the "time" of the event: times before 2000 and more than a year ' +
  'ahead count as not given';

function alertOf({ path, reported, faults }: Finding, arrival: Arrival): { alert?: Alert; faults: Fault[] } {
  if (!reported) return { faults };
  const alert = reported(arrival);
  return alert ? { alert, faults: [] } : { faults: [{ path, problem: NO_TIME }] };
}

function unreadable(faults: readonly Fault[]): InputError {
  return new InputError('The event of the alert export cannot be read:', bounded(faults));
}

const MOST_FAULTS = 50;
const LONGEST_PATH = 200;

// Of an event of others: its keys may be of any length, and so may a list of findings that are all wrong.
function bounded(faults: readonly Fault[]): Fault[] {
  const shown = faults
    .slice(0, MOST_FAULTS)
    .map((fault) => ({ ...fault, path: fault.path.slice(0, LONGEST_PATH) }));
  const more = faults.length - shown.length;
  return more === 0
    ? shown
    : [...shown, { path: '(the whole document)', problem: `has ${more} faults more` }];
}
