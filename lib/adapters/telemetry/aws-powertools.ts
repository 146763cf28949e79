import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { notableOffset } from '../../domain/clock-offset.ts';
import type { ClockEvent, CoverageEvent, ExportEvent } from '../../domain/export-event.ts';
import { spanText } from '../../domain/span.ts';
import { visible } from '../../domain/visible-text.ts';
import type { Observe } from '../../ports.ts';
import { METRIC_NAMESPACE, metricsOf, type TargetMetrics, unstartedMetrics } from './metrics.ts';

type Options = { logLevel: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' };

/** Logs and metrics of one function, both JSON lines on standard output. */
export type Telemetry = {
  observe: Observe;
  /** Begins a run: every line from here on carries its correlation id. */
  begin(correlationId: string): void;
  /**
   * Ends a run: logs how it went and writes the metrics of each target. `unstarted` is the target of a run that could
   * not even begin, which counts as a window that failed.
   */
  end(outcome: { report: unknown } | { error: Error; unstarted?: string }): void;
};

/** CloudWatch logs and embedded metrics through Powertools. */
export function createPowertoolsTelemetry({ logLevel }: Options): Telemetry {
  const logger = new Logger({ serviceName: SERVICE, logLevel, jsonReplacerFn: visibleText });
  const metrics = new Metrics({ serviceName: SERVICE, namespace: METRIC_NAMESPACE });
  // Alarms name target_id alone; a second dimension would make another metric of it.
  metrics.clearDefaultDimensions();
  let collected = metricsOf();

  const observe: Observe = (event) => {
    collected.add(event);
    logEvent(logger, event);
  };

  const begin = (correlationId: string) => {
    collected = metricsOf();
    logger.resetKeys();
    logger.appendKeys({ correlation_id: correlationId });
  };

  const end: Telemetry['end'] = (outcome) => {
    if ('error' in outcome) logger.error('run failed', outcome.error);
    else logger.info('run done', { report: outcome.report });
    if ('unstarted' in outcome && outcome.unstarted) publish(metrics, unstartedMetrics(outcome.unstarted));
    for (const target of collected.targets()) publish(metrics, target);
  };

  return { observe, begin, end };
}

const SERVICE = 'workspace-login-export';

// JSON escapes only what is below U+0020; all else that steers would reach whoever views the log.
function visibleText(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? visible(value) : value;
}

function logEvent(logger: Logger, event: ExportEvent): void {
  const { level, message, ...details } = logLine(event);
  const window = 'window' in event ? { window: spanText(event.window) } : {};
  logger[level](message, { target_id: event.targetId, ...window, ...details });
}

type LogLine = { level: 'debug' | 'info' | 'warn' | 'error'; message: string; [detail: string]: unknown };

function logLine(event: ExportEvent): LogLine {
  switch (event.type) {
    case 'window_accepted':
      return { level: 'info', message: 'export accepted', task_id: event.taskId };
    case 'window_announced':
      return { level: 'info', message: 'task announced', message_id: event.message.id };
    case 'window_covered':
      return { level: 'info', message: 'window already exported' };
    case 'window_left':
      return { level: 'warn', message: 'window left for the next run', why: event.why };
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
      return { level: 'error', message: 'row unreadable', problem: event.problem };
    case 'clock_learnt':
    case 'clock_unknown':
    case 'coverage_reset':
      return clockLine(event);
    case 'target_planned':
      return { level: 'info', message: 'windows planned', windows: event.windows };
    case 'windows_left':
      return {
        level: 'warn',
        message: 'windows left for the next run',
        windows: event.windows,
        why: event.why,
      };
    case 'tasks_unknown':
      return {
        level: 'error',
        message: 'nobody confirms the announced windows',
        windows: event.windows,
        kind: event.error.kind,
        error: event.error,
      };
    case 'target_surveyed':
      return coverageLine(event);
    case 'alert_received':
      return {
        level: 'info',
        message: 'alert received',
        alert_id: event.alertId,
        windows: event.windows,
        tasks: event.tasks,
      };
    case 'alert_unmatched':
      return {
        level: 'info',
        message: 'no rule is for the alert',
        alert_id: event.alertId,
        alert_source: event.source,
        alert_types: event.types,
      };
    case 'alert_too_old':
      return { level: 'warn', message: 'alert is about records that are gone', alert_id: event.alertId };
    case 'alerts_folded':
      return { level: 'warn', message: 'alerts folded', exports: event.exports };
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
  const standing = { ...covered, unconfirmed, long_unconfirmed: longUnconfirmed };
  if (atRisk.length === 0) return { level: 'info', message: 'target covered', ...standing };
  const windows = { windows: atRisk.length, oldest: atRisk[0] && spanText(atRisk[0]) };
  const hours_left = Number(hoursLeft.toFixed(1));
  return { level: 'error', message: 'windows at risk', ...standing, ...windows, hours_left };
}

function publish(metrics: Metrics, { targetId, values }: TargetMetrics): void {
  metrics.addDimension('target_id', targetId);
  for (const { name, unit, value } of values) metrics.addMetric(name, unit, value);
  metrics.publishStoredMetrics();
}
