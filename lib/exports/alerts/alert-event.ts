import * as z from 'zod/mini';
import type { Alert } from '../../domain/alert.ts';
import { type Fault, InputError } from '../../domain/errors.ts';
import { faultsOf, readInput, wordIssue } from '../../domain/faults.ts';
import { asffFinding } from './asff-finding.ts';
import { envelope, type Reported, text } from './event-envelope.ts';
import { EXPORT_REQUESTED, exportRequest } from './export-request.ts';
import { guardDutyFinding } from './guardduty-finding.ts';
import { ocsfFinding } from './ocsf-finding.ts';
import { valuesAt } from './values-at.ts';

export type AlertEvent =
  | {
      kind: 'alerts';
      alerts: Alert[];
      /** Of the findings of a list that cannot be read; the others are served all the same. */
      faults: Fault[];
    }
  /** Our own one-time schedule: what waits for this target may be due. */
  | { kind: 'follow_up'; targetId: string };

type Format = { source?: string; report: z.ZodMiniType<Reported>; listed: 'always' | 'mostly' | 'never' };

/**
 * Security Hub documents the detail of both its events as `{"findings": [...]}`.
 * Source: Security Hub user guide, EventBridge event formats (for Security Hub CSPM, and for Security Hub).
 */
const FORMATS = new Map<unknown, Format>([
  ['GuardDuty Finding', { source: 'aws.guardduty', report: guardDutyFinding, listed: 'never' }],
  ['Security Hub Findings - Imported', { source: 'aws.securityhub', report: asffFinding, listed: 'always' }],
  ['Findings Imported V2', { source: 'aws.securityhub', report: ocsfFinding, listed: 'mostly' }],
  [EXPORT_REQUESTED, { report: exportRequest, listed: 'never' }],
]);

const followUp = z.object({ follow_up: z.literal(true, 'must be true'), target_id: text });

const NAMES = [...FORMATS.keys()].map((name) => `"${name}"`).join(', ');

const NOT_OURS =
  `The event is not one of the alert export: expected an EventBridge event with "detail-type" one of ${NAMES}, ` +
  'or {"follow_up": true, "target_id"} from the schedules of this service.';

/**
 * Reads the event of the alert export. Keys that it does not know are ignored, except in what a
 * `Login Export Requested` asks for. Throws one `InputError` when nothing of the event can be read.
 */
export function readAlertEvent(event: unknown): AlertEvent {
  if (valuesAt(event, 'follow_up').length > 0) {
    return { kind: 'follow_up', targetId: readInput(followUp, event, NOT_OURS).target_id };
  }
  const format = FORMATS.get(valuesAt(event, 'detail-type')[0]);
  if (format) return readAlerts(event, format);
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

function readAlerts(event: unknown, format: Format): AlertEvent {
  const around = envelope(format.source).safeParse(event, { error: wordIssue });
  const places = placesOf(event, format);
  const findings = places.map((place) => readAt(place, format.report));
  const faults = places.length > 0 ? findings.flatMap((finding) => finding.faults) : [NO_FINDINGS];
  const reports = findings.flatMap((finding) => finding.reports);
  if (!around.success) throw unreadable([...faultsOf(around.error), ...faults]);
  if (reports.length === 0) throw unreadable(faults);
  return { kind: 'alerts', alerts: reports.map((report) => report(around.data)), faults };
}

const NO_FINDINGS: Fault = { path: 'detail.findings', problem: 'must be a list of at least one finding' };

type Place = { path: string; value: unknown };

function placesOf(event: unknown, { listed }: Format): Place[] {
  const [detail] = valuesAt(event, 'detail');
  const alone = listed === 'never' || (listed === 'mostly' && valuesAt(detail, 'findings').length === 0);
  if (alone) return [{ path: 'detail', value: detail }];
  return valuesAt(detail, 'findings[]').map((value, index) => ({
    path: `detail.findings[${index}]`,
    value,
  }));
}

function readAt({ path, value }: Place, report: Format['report']): { reports: Reported[]; faults: Fault[] } {
  const result = z.object({ at: report }).safeParse({ at: value }, { error: wordIssue });
  if (result.success) return { reports: [result.data.at], faults: [] };
  const faults = faultsOf(result.error).map((fault) => ({ ...fault, path: fault.path.replace(/^at/, path) }));
  return { reports: [], faults };
}

function unreadable(faults: readonly Fault[]): InputError {
  return new InputError('The event of the alert export cannot be read:', faults);
}
