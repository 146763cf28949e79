import { beforeAll, describe, expect, it } from 'vitest';
import {
  METRIC_NAMESPACE,
  METRICS,
  SERVICE_METRICS,
  TROUBLE_METRICS,
} from '../../../lib/adapters/telemetry/metrics.ts';
import { THE_SERVICE } from '../../../lib/domain/exports/run-events.ts';
import { resourcesOf } from '../packaged-service.ts';
import { BAD_DAYS } from './bad-days.ts';
import { type Alarm, alarmOf, everFires, keyOf } from './cloudwatch.ts';
import { packagedAlarms } from './packaged-alarms.ts';
import { WATCHED, watchService } from './watched-service.ts';
import { WRITTEN_BY_AWS } from './written-by-aws.ts';

// EventBridge and its Scheduler write nothing of failures where there are none, and neither do runs of what is the service's.
const WRITTEN_IN_TROUBLE_ONLY = [
  'clock-off',
  'windows-never-confirmed',
  'alerts-lost',
  'alerts-exhausted',
  'rows-unreadable',
  'schedules-undelivered',
  'dead-letters-refused',
];
const START = '2026-11-22T23:20:00Z';

let service: Awaited<ReturnType<typeof packagedAlarms>>;
let alarms: Alarm[];

beforeAll(async () => {
  service = await packagedAlarms();
  alarms = resourcesOf(service.template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) =>
    alarmOf(Properties),
  );
});

const parts = () => alarms.map(({ name, watched }) => ({ alarm: name, ...watched }));
const ours = () => parts().filter(({ metric }) => metric.namespace === METRIC_NAMESPACE);
const theirs = () => parts().filter(({ metric }) => metric.namespace !== METRIC_NAMESPACE);

describe('the alarms', () => {
  it('name metrics, dimensions and units of ours that the functions write', () => {
    expect(ours()).not.toEqual([]);
    for (const { alarm, metric, unit } of ours()) {
      expect(METRICS, alarm).toHaveProperty(metric.name, unit);
      expect(metric.dimensions, alarm).toEqual({
        target_id: metric.name in SERVICE_METRICS ? THE_SERVICE : WATCHED,
      });
    }
  });

  it('watch every metric that tells of trouble', () => {
    const watched = new Set(ours().map(({ metric }) => metric.name));
    expect([...watched].sort()).toEqual(Object.keys({ ...TROUBLE_METRICS, ...SERVICE_METRICS }).sort());
  });

  it('name metrics of AWS as AWS writes them, of functions, queues, groups and rules of this service', () => {
    for (const { alarm, metric, unit } of theirs()) {
      const known = WRITTEN_BY_AWS[metric.namespace];
      expect(known?.names, alarm).toContain(metric.name);
      expect(unit, alarm).toBeUndefined();
      expect(Object.keys(metric.dimensions), alarm).toEqual([known?.dimension]);
      expect(service.template.Resources[namedIn(metric.dimensions)]?.Type, alarm).toBe(known?.of);
    }
  });
});

describe('every queue, function and group of schedules', () => {
  it.each(['AWS::SQS::Queue', 'AWS::Lambda::Function', 'AWS::Scheduler::ScheduleGroup', 'AWS::Events::Rule'])(
    'of %s is watched',
    (type) => {
      const watched = theirs().map(({ metric }) => namedIn(metric.dimensions));
      for (const [name] of resourcesOf(service.template, type)) expect(watched).toContain(name);
    },
  );
});

describe('what an alarm does', () => {
  it('is to tell the topic, when it fires and when it is over', () => {
    for (const [name, { Properties }] of resourcesOf(service.template, 'AWS::CloudWatch::Alarm')) {
      const { AlarmActions, OKActions, ActionsEnabled = true } = Properties;
      expect({ AlarmActions, OKActions, ActionsEnabled }, name).toEqual({
        AlarmActions: [{ Ref: 'AlarmTopic' }],
        OKActions: [{ Ref: 'AlarmTopic' }],
        ActionsEnabled: true,
      });
    }
  });

  it('is within what CloudWatch evaluates: a day of periods, or a week of hours', () => {
    for (const { name, watched, evaluationPeriods } of alarms) {
      const most = watched.period < 3_600 ? 86_400 : 7 * 86_400;
      expect(watched.period * evaluationPeriods, name).toBeLessThanOrEqual(most);
    }
  });
});

describe('no alarm fires', () => {
  it('in three good days', async () => {
    const good = await watchService(START);
    await good.pass(4);
    const from = good.world.time.now;
    await good.pass(72);
    await good.alert('finding-1', from.toString());
    expect(fired(good, from)).toEqual([]);
    const written = new Set(good.points.map(keyOf));
    const unseen = alarms.filter(({ watched }) => !written.has(keyOf(watched.metric)));
    expect([...new Set(unseen.map(({ page }) => page))]).toEqual(WRITTEN_IN_TROUBLE_ONLY);
  });

  it('when Huawei is throttling for a while and a run fails once', async () => {
    const good = await watchService(START);
    await good.pass(4);
    const from = good.world.time.now;
    good.world.emulator.setScenario({ steps: [{ on: 'any', times: 4, effect: { type: 'throttle' } }] });
    await good.pass(24);
    const { points } = good;
    expect(points.some(({ name, value }) => name === 'Errors' && value === 1)).toBe(true);
    expect(fired(good, from)).toEqual([]);
  });
});

it('what the night and two sweeps failed at, and the third made good, rings as failed runs and not as failed windows', async () => {
  const bad = await watchService(START);
  await bad.pass(4);
  const from = bad.world.time.now;
  // A night and two sweeps, each of them three times; the second sweep lies in the next hour.
  bad.world.emulator.setScenario({ steps: [{ on: 'export', times: 9, effect: { type: 'forbidden' } }] });
  await bad.pass(24);
  expect(fired(bad, from)).toEqual(['scheduled-export-failing', 'failed-runs']);
  expect(bad.points.filter(({ name, value }) => name === 'WindowsFailed' && value > 0)).toHaveLength(9);
});

describe('the alarm fires', () => {
  it.each(BAD_DAYS)('$fires when $story', async ({ fires, happens }) => {
    const bad = await watchService(START);
    await bad.pass(4);
    const from = bad.world.time.now;
    await happens(bad);
    expect(fired(bad, from)).toEqual(expect.arrayContaining(fires));
  });

  it('on some bad day, whichever it is', () => {
    const tried = new Set(BAD_DAYS.flatMap(({ fires }) => fires));
    expect(tried).toEqual(new Set(alarms.map(({ page }) => page)));
  });
});

function fired({ world, points }: Awaited<ReturnType<typeof watchService>>, from: typeof world.time.now) {
  const to = world.time.now;
  return alarms.filter((alarm) => everFires(alarm, points, from, to)).map(({ page }) => page);
}

// The logical id that a dimension refers to.
function namedIn(dimensions: Record<string, unknown>): string {
  const [value] = Object.values(dimensions);
  const { Ref, 'Fn::GetAtt': attribute } = Object(value);
  return Ref ?? attribute?.[0];
}
