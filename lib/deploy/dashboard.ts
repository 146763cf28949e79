import { NO_TARGET, THE_SERVICE } from '../domain/exports/run-events.ts';
import { nameOf } from './alarms/alarm.ts';
import { serviceAlarms } from './alarms/service-alarms.ts';
import { alertPatterns } from './template/alert-patterns.ts';
import type { Fragment } from './template/cloudformation.ts';
import { type Deployment, enabledTargets } from './template/deployment.ts';

/** One page that shows whether all is well, and where to look when it is not. */
export function dashboard(deployment: Deployment): Fragment {
  const { prefix } = deployment;
  const rules = Object.keys(alertPatterns(deployment.rules));
  const widgets = placed(rows({ prefix, targets: enabledTargets(deployment), rules }));
  return {
    Resources: {
      Dashboard: {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: { DashboardName: prefix, DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets }) } },
      },
    },
  };
}

type Shown = { prefix: string; targets: readonly Named[]; rules: readonly string[] };

/** A target, or what is not one and has metrics in the same dimension. */
type Named = { id: string };

type Widget = { columns: number; height?: number; title: string } & (
  | { alarms: string[] }
  | { metrics: Line[] }
);

/** A metric as a dashboard has it: namespace, name, dimensions and their values, and how it is shown. */
type Line = (string | { stat: Statistic; label: string; period: number })[];

type Statistic = 'Maximum' | 'Minimum' | 'Sum' | 'p50' | 'p99';

const HOUR = 3_600;

// What people look at: rows of widgets, each a part of the 24 columns of a dashboard.
const rows = ({ prefix, targets, rules }: Shown): Widget[][] => [
  [{ columns: 24, height: 3, title: 'Alarms', alarms: alarmsOf({ prefix, targets, rules }) }],
  [
    { columns: 12, title: 'Age of coverage', metrics: each(targets, ['CoverageAgeSeconds'], 'Maximum') },
    {
      columns: 12,
      title: 'Hours until a gap is lost',
      metrics: each(targets, ['RetentionHoursLeft'], 'Minimum'),
    },
  ],
  [
    {
      columns: 8,
      title: 'Windows done',
      metrics: each(targets, ['WindowsPublished', 'WindowsConfirmed'], 'Sum'),
    },
    {
      columns: 8,
      title: 'Windows under way',
      metrics: [
        ...each(targets, ['WindowsUnconfirmed', 'WindowsLongUnconfirmed'], 'Maximum'),
        ...each(targets, ['WindowsDeferred'], 'Sum'),
      ],
    },
    {
      columns: 8,
      title: 'Windows that need attention',
      metrics: [
        ...each(targets, ['WindowsFailed', 'WindowsLost'], 'Sum'),
        ...each(targets, ['WindowsAtRisk'], 'Maximum'),
      ],
    },
  ],
  [
    {
      columns: 12,
      title: 'Export calls, milliseconds',
      metrics: [
        ...each(targets, ['ExportCallMilliseconds'], 'p50'),
        ...each(targets, ['ExportCallMilliseconds'], 'p99'),
      ],
    },
    { columns: 12, title: 'Throttled calls', metrics: each(targets, ['ThrottledCalls'], 'Sum') },
  ],
  [
    { columns: 8, title: 'Failed runs', metrics: functions(prefix, ['Errors', 'Throttles'], 'Sum') },
    {
      columns: 8,
      title: 'Duration of runs, milliseconds',
      metrics: functions(prefix, ['Duration'], 'Maximum'),
    },
    { columns: 8, title: 'Dead letters', metrics: queues(prefix) },
  ],
  [
    {
      columns: 8,
      title: 'Alerts',
      metrics: [
        ...each(targets, ['AlertsReceived', 'AlertsCoalesced'], 'Sum'),
        ...each([{ id: NO_TARGET }], ['AlertsUnmatched'], 'Sum'),
        ...each([{ id: THE_SERVICE }], ['AlertsLost', 'AlertsExhausted'], 'Sum'),
      ],
    },
    {
      columns: 8,
      title: 'Never confirmed, unreadable',
      metrics: each([{ id: THE_SERVICE }], ['WindowsNeverConfirmed', 'RowsUnreadable'], 'Sum'),
    },
    {
      columns: 8,
      title: 'Clock off, seconds',
      metrics: each([{ id: THE_SERVICE }], ['ClockOffsetSeconds'], 'Maximum'),
    },
  ],
];

// A widget of alarms shows a hundred; what is wrong with a target shows in the rows below.
const MOST_ALARMS = 100;

function alarmsOf({ prefix, targets, rules }: Shown): string[] {
  const names = [...serviceAlarms(rules).map(nameOf), ...targets.map(({ id }) => `${id}-coverage-stale`)];
  return names.slice(0, MOST_ALARMS).map((name) => `${prefix}-${name}`);
}

function each(targets: readonly Named[], names: readonly string[], stat: Statistic): Line[] {
  return targets.flatMap(({ id }) =>
    names.map((name) =>
      metric('WorkspaceLoginExport', name, { target_id: id }, { stat, label: `${id} ${name} ${stat}` }),
    ),
  );
}

function functions(prefix: string, names: readonly string[], stat: Statistic): Line[] {
  return ['scheduled-export', 'alert-export'].flatMap((name) =>
    names.map((each) =>
      metric('AWS/Lambda', each, { FunctionName: `${prefix}-${name}` }, { stat, label: `${name} ${each}` }),
    ),
  );
}

function queues(prefix: string): Line[] {
  return ['undelivered-runs', 'failed-runs', 'undelivered-alerts', 'failed-alerts', 'tasks-dead'].map(
    (name) =>
      metric(
        'AWS/SQS',
        'ApproximateNumberOfMessagesVisible',
        { QueueName: `${prefix}-${name}` },
        { stat: 'Maximum', label: name },
      ),
  );
}

function metric(
  namespace: string,
  name: string,
  dimensions: Record<string, string>,
  { stat, label }: { stat: Statistic; label: string },
): Line {
  return [namespace, name, ...Object.entries(dimensions).flat(), { stat, label, period: HOUR }];
}

const HEIGHT = 6;

function placed(all: readonly Widget[][]) {
  let y = 0;
  return all.flatMap((row) => {
    let x = 0;
    const widgets = row.map((each) => {
      const place = { x, y, width: each.columns, height: each.height ?? HEIGHT };
      x += each.columns;
      return { ...place, ...widget(each) };
    });
    y += Math.max(...widgets.map(({ height }) => height));
    return widgets;
  });
}

// CloudFormation fills in where and whose it is.
function widget(shown: Widget) {
  const { title } = shown;
  if ('alarms' in shown) return { type: 'alarm', properties: { title, alarms: shown.alarms.map(alarmArn) } };
  const region = `\${AWS::Region}`;
  const yAxis = { left: { min: 0 } };
  return {
    type: 'metric',
    properties: { title, metrics: shown.metrics, region, view: 'timeSeries', yAxis },
  };
}

function alarmArn(alarm: string): string {
  return `arn:\${AWS::Partition}:cloudwatch:\${AWS::Region}:\${AWS::AccountId}:alarm:${alarm}`;
}
