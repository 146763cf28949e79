import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { RunEvent } from '../../domain/exports/run-events.ts';
import { spanText } from '../../domain/time/spans.ts';
import { visible } from '../../domain/visible-text.ts';
import type { Observe } from '../../ports.ts';
import { logLine } from './log-lines.ts';
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

function logEvent(logger: Logger, event: RunEvent): void {
  const { level, message, ...details } = logLine(event);
  const window = 'window' in event ? { window: spanText(event.window) } : {};
  logger[level](message, { target_id: event.targetId, ...window, ...details });
}

function publish(metrics: Metrics, { targetId, values }: TargetMetrics): void {
  metrics.addDimension('target_id', targetId);
  for (const { name, unit, value } of values) metrics.addMetric(name, unit, value);
  metrics.publishStoredMetrics();
}
