import type { AlertEvent, ClockEvent, CoverageEvent, RunEvent } from '../../domain/exports/run-events.ts';
import { notableOffset } from '../../domain/time/clock-offset.ts';
import { spanText } from '../../domain/time/spans.ts';

/** What is logged of an event: a message that stays the same, and details under names of their own. */
export type LogLine = {
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
  [detail: string]: unknown;
};

/** The log line of an event. */
export function logLine(event: RunEvent): LogLine {
  switch (event.type) {
    case 'coverage_started':
      return { level: 'info', message: 'coverage started', from: event.from.toString() };
    case 'window_accepted':
      return { level: 'info', message: 'export accepted', task_id: event.taskId };
    case 'window_published':
      return { level: 'info', message: 'task published', message_id: event.message.id };
    case 'window_covered':
      return { level: 'info', message: 'window already exported' };
    case 'window_deferred':
      return { level: 'warn', message: 'window deferred', why: event.why };
    case 'window_failed':
      return { level: 'error', message: 'window failed', kind: event.error.kind, error: event.error };
    case 'window_confirmed':
      return { level: 'info', message: 'window confirmed', task_id: event.taskId };
    case 'task_failed':
      return {
        level: 'error',
        message: 'export task failed',
        task_id: event.taskId,
        attempt: event.attempt,
        error: event.error,
      };
    case 'window_lost':
      return { level: 'error', message: 'window lost' };
    case 'window_never_confirmed':
      return {
        level: 'error',
        message: 'window never confirmed',
        task_id: event.taskId,
        kind: event.error.kind,
        error: event.error,
      };
    case 'before_retention':
      return { level: 'warn', message: 'start_at asks for more than Huawei had when coverage began' };
    case 'row_unreadable':
      return { level: 'error', message: 'row unreadable', reason: event.message };
    case 'clock_learnt':
    case 'clock_unknown':
    case 'coverage_reset':
      return clockLine(event);
    case 'target_planned':
      return { level: 'info', message: 'windows planned', windows: event.windows };
    case 'windows_deferred':
      return {
        level: 'warn',
        message: 'windows deferred',
        windows: event.windows,
        why: event.why,
      };
    case 'tasks_unknown':
      return {
        level: 'error',
        message: 'nobody confirms the published windows',
        windows: event.windows,
        kind: event.error.kind,
        error: event.error,
      };
    case 'tasks_unclear':
      return { level: 'error', message: 'tasks unclear', windows: event.windows, why: event.why };
    case 'target_assessed':
      return coverageLine(event);
    case 'alert_received':
    case 'alert_unmatched':
    case 'alert_shortened':
    case 'alerts_coalesced':
    case 'request_lost':
    case 'request_unconfirmed':
    case 'request_exhausted':
      return alertLine(event);
    case 'call_throttled':
      return {
        level: 'warn',
        message: 'call throttled',
        wait_milliseconds: Math.round(event.waitMilliseconds),
      };
    case 'call_repeated':
      return { level: 'warn', message: 'call repeated', why: event.why };
  }
}

function alertLine(event: AlertEvent): LogLine {
  switch (event.type) {
    case 'alert_received':
      return {
        level: 'info',
        message: 'alert received',
        alert_id: event.alertId,
        windows: event.windows,
        tasks: event.tasks,
      };
    case 'alert_shortened':
      return {
        level: 'warn',
        message: 'export without filters begins later than the alert',
        alert_id: event.alertId,
      };
    case 'alert_unmatched':
      return {
        level: 'info',
        message: 'no rule is for the alert',
        alert_id: event.alertId,
        alert_source: event.source,
        alert_types: event.types,
        why: event.why,
      };
    case 'alerts_coalesced':
      return { level: 'warn', message: 'exports for alerts coalesced', exports: event.exports };
    case 'request_lost':
      return { level: 'error', message: 'request lost', alert_id: event.alertId, filters: event.filters };
    case 'request_unconfirmed':
      return {
        level: 'warn',
        message: 'request served, and nobody says how its exports ended',
        alert_id: event.alertId,
        tasks: event.tasks,
      };
    case 'request_exhausted':
      return { level: 'error', message: 'request exhausted', alert_id: event.alertId, error: event.error };
  }
}

function clockLine(event: ClockEvent): LogLine {
  switch (event.type) {
    case 'clock_learnt': {
      const seconds = { clock_offset_seconds: event.aheadSeconds };
      return notableOffset(event.aheadSeconds) === undefined
        ? { level: 'debug', message: 'clock agrees', ...seconds }
        : { level: 'error', message: 'clock is off; the run goes by that of Huawei', ...seconds };
    }
    case 'clock_unknown':
      return {
        level: 'error',
        message: 'time at Huawei unknown',
        kind: event.error.kind,
        error: event.error,
      };
    case 'coverage_reset':
      return {
        level: 'warn',
        message: 'coverage goes back: a clock that was ahead had moved it',
        from: event.from.toString(),
        to: event.to.toString(),
      };
  }
}

function coverageLine(event: CoverageEvent): LogLine {
  const { coveredUntil, ageSeconds, atRisk, hoursLeft, unconfirmed, longUnconfirmed } = event;
  const covered =
    coveredUntil === undefined
      ? {}
      : { covered_until: coveredUntil.toString(), age_seconds: Math.round(ageSeconds ?? 0) };
  const state = { ...covered, unconfirmed, long_unconfirmed: longUnconfirmed };
  if (atRisk.length === 0) return { level: 'info', message: 'target covered', ...state };
  const windows = { windows: atRisk.length, oldest: atRisk[0] && spanText(atRisk[0]) };
  const hours_left = Number(hoursLeft.toFixed(1));
  return { level: 'error', message: 'windows at risk', ...state, ...windows, hours_left };
}
