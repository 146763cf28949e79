import { Temporal } from 'temporal-polyfill';
import { beforeAll, describe, expect, it } from 'vitest';
import { METRIC_NAMESPACE } from '../../../lib/adapters/telemetry/metrics.ts';
import { resourcesOf, type Template } from '../packaged-service.ts';
import { alarmOf, type Datapoint, everFires, type Metric } from './cloudwatch.ts';
import { packagedAlarms } from './packaged-alarms.ts';
import { SERVICE_LIMITS, type ServiceLimit } from './service-limits.ts';
import { TARGET_LIMITS } from './target-limits.ts';
import { WATCHED } from './watched-service.ts';

const PREFIX = 'workspace-login-export-prod';
// Where periods of a day begin, and so periods of any length.
const START = Temporal.Instant.from('2026-11-22T00:00:00Z');

let template: Template;

beforeAll(async () => {
  template = (await packagedAlarms()).template;
});

describe('the limits of the alarms of the service', () => {
  it.each(SERVICE_LIMITS)('$name: $why', ({ name, metric, limit }) => {
    expect(withoutWords(name)).toEqual({ ...watching(metric), ...limit, ...TELLS });
  });

  it.each(SERVICE_LIMITS)('$name fires just over its limit, and not just under it', (expected) => {
    const alarm = alarmOf(propertiesOf(expected.name));
    expect(fires(expected.quiet)).toBe(false);
    expect(fires(expected.loud)).toBe(true);

    function fires(periods: ServiceLimit['quiet']): boolean {
      return everFires(alarm, written(expected, periods), START, after(expected, periods.length));
    }
  });
});

describe('the limits of the alarms of a target', () => {
  const NAMED = Object.entries(TARGET_LIMITS).map(([name, exact]) => ({ name, ...exact }));

  it.each(NAMED)('$name: $why', ({ name, metric, unit, limit }) => {
    const ours = { namespace: METRIC_NAMESPACE, name: metric, dimensions: { target_id: WATCHED } };
    expect(withoutWords(`${WATCHED}-${name}`)).toEqual({ ...watching(ours), Unit: unit, ...limit, ...TELLS });
  });
});

it('no alarm is without an exact limit here', () => {
  const expected = [
    ...SERVICE_LIMITS.map(({ name }) => `${PREFIX}-${name}`),
    ...Object.keys(TARGET_LIMITS).map((name) => `${PREFIX}-${WATCHED}-${name}`),
  ];
  expect(alarms().map(({ AlarmName }) => AlarmName)).toEqual(expected);
});

const TELLS = { AlarmActions: [{ Ref: 'AlarmTopic' }], OKActions: [{ Ref: 'AlarmTopic' }] };

function alarms(): Record<string, unknown>[] {
  return resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
}

function propertiesOf(name: string): Record<string, unknown> {
  return alarms().find(({ AlarmName }) => AlarmName === `${PREFIX}-${name}`) ?? {};
}

function withoutWords(name: string): Record<string, unknown> {
  const { AlarmName: _name, AlarmDescription: _description, ...rest } = propertiesOf(name);
  return rest;
}

function watching({ namespace, name, dimensions }: Metric): Record<string, unknown> {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return { Namespace: namespace, MetricName: name, Dimensions };
}

function written(expected: ServiceLimit, periods: ServiceLimit['quiet']): Datapoint[] {
  return periods.flatMap((values, index) =>
    values.map((value) => ({ ...expected.metric, ...unitOf(expected), value, at: after(expected, index) })),
  );
}

// The figures of AWS have none that an alarm names.
function unitOf({ limit: { Unit } }: ServiceLimit): Pick<Datapoint, 'unit'> {
  return Unit === undefined ? {} : { unit: String(Unit) };
}

function after({ limit }: ServiceLimit, periods: number): Temporal.Instant {
  return START.add({ seconds: Number(limit['Period']) * periods });
}
