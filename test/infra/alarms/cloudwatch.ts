import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../../lib/domain/time/instant.ts';

/** A metric as alarms and those who write it name it. A dimension's value may be an intrinsic of CloudFormation. */
export type Metric = { namespace: string; name: string; dimensions: Record<string, unknown> };

export type Datapoint = Metric & { unit?: string; at: Instant; value: number };

type Watched = { metric: Metric; unit?: string; statistic: string; period: number };

/** An alarm of the template, as far as its evaluation goes by it. */
export type Alarm = {
  name: string;
  page: string;
  watched: Watched;
  operator: string;
  threshold: number;
  evaluationPeriods: number;
  datapointsToAlarm: number;
  missing: string;
};

export function alarmOf(properties: Record<string, unknown>): Alarm {
  return {
    name: String(properties['AlarmName']),
    page: String(properties['AlarmDescription']).split('#')[1] ?? '',
    watched: watchedBy(properties),
    operator: String(properties['ComparisonOperator']),
    threshold: Number(properties['Threshold']),
    evaluationPeriods: Number(properties['EvaluationPeriods']),
    datapointsToAlarm: Number(properties['DatapointsToAlarm']),
    missing: String(properties['TreatMissingData']),
  };
}

/**
 * Whether the alarm is ever in the state ALARM between two moments, judged whenever one of its periods has ended.
 * Source: CloudWatch User Guide, "Evaluating an alarm" and "Configuring how CloudWatch alarms treat missing data".
 */
export function everFires(alarm: Alarm, points: readonly Datapoint[], from: Instant, to: Instant): boolean {
  const period = alarm.watched.period;
  const first = Math.ceil(from.epochMilliseconds / 1_000 / period) + alarm.evaluationPeriods;
  const last = Math.floor(to.epochMilliseconds / 1_000 / period);
  const breaching = breaches(alarm, points);
  for (let end = first; end <= last; end += 1) {
    const indexes = Array.from({ length: alarm.evaluationPeriods }, (_, back) => end - 1 - back);
    if (indexes.filter(breaching).length >= alarm.datapointsToAlarm) return true;
  }
  return false;
}

// By the number of the period, counted from the beginning of time.
function breaches(alarm: Alarm, points: readonly Datapoint[]): (index: number) => boolean {
  const values = valuesByPeriod(alarm.watched, points);
  return (index) => {
    const value = values.get(index);
    return value === undefined ? alarm.missing === 'breaching' : compare(alarm, value);
  };
}

function valuesByPeriod({ metric, unit, statistic, period }: Watched, points: readonly Datapoint[]) {
  const groups = new Map<number, number[]>();
  for (const point of points) {
    if (keyOf(point) !== keyOf(metric) || (unit !== undefined && unit !== point.unit)) continue;
    const index = Math.floor(point.at.epochMilliseconds / 1_000 / period);
    groups.set(index, [...(groups.get(index) ?? []), point.value]);
  }
  return new Map([...groups].map(([index, values]) => [index, reduce(statistic, values)]));
}

function reduce(statistic: string, values: number[]): number {
  if (statistic === 'Sum') return values.reduce((sum, value) => sum + value);
  if (statistic === 'Maximum') return Math.max(...values);
  if (statistic === 'Minimum') return Math.min(...values);
  throw new Error(`The evaluation knows no statistic ${statistic}.`);
}

function compare({ operator, threshold }: Alarm, value: number): boolean {
  if (operator === 'GreaterThanThreshold') return value > threshold;
  if (operator === 'GreaterThanOrEqualToThreshold') return value >= threshold;
  if (operator === 'LessThanThreshold') return value < threshold;
  throw new Error(`The evaluation knows no operator ${operator}.`);
}

/** One text for a metric, whatever the order of its dimensions. */
export function keyOf({ namespace, name, dimensions }: Metric): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
}

type Named = { Namespace: string; MetricName: string; Dimensions: { Name: string; Value: unknown }[] };
function watchedBy(properties: Record<string, unknown>): Watched {
  const { Unit, Statistic, Period } = properties;
  const unit = Unit === undefined ? {} : { unit: String(Unit) };
  const metric = metricOf(properties as Named);
  return { metric, ...unit, statistic: String(Statistic), period: Number(Period) };
}

function metricOf({ Namespace, MetricName, Dimensions }: Named): Metric {
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  return { namespace: Namespace, name: MetricName, dimensions };
}

export const at = Temporal.Instant.from;
