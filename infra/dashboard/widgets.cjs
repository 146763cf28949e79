const { nameOf } = require('../alarms/alarm.cjs');
const { serviceAlarms } = require('../alarms/service-alarms.cjs');

const HOUR = 3_600;
const THE_SERVICE = { id: '_service' };

/** What people look at: `rows` of widgets, each a part of the 24 columns of a dashboard. */
exports.rows = ({ prefix, targets, rules }) => [
  [{ columns: 24, height: 3, title: 'Alarms', alarms: alarmsOf(prefix, { targets, rules }) }],
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
      title: 'Windows in trouble',
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
        ...each([{ id: '_none' }], ['AlertsUnmatched'], 'Sum'),
        ...each([THE_SERVICE], ['AlertsLost', 'AlertsExhausted'], 'Sum'),
      ],
    },
    {
      columns: 8,
      title: 'Never confirmed, unreadable',
      metrics: each([THE_SERVICE], ['WindowsNeverConfirmed', 'RowsUnreadable'], 'Sum'),
    },
    {
      columns: 8,
      title: 'Clock off, seconds',
      metrics: each([THE_SERVICE], ['ClockOffsetSeconds'], 'Maximum'),
    },
  ],
];

// A widget of alarms shows a hundred; what is wrong with a target shows in the rows below.
const MOST_ALARMS = 100;

function alarmsOf(prefix, { targets, rules }) {
  const names = [...serviceAlarms(rules).map(nameOf), ...targets.map(({ id }) => `${id}-coverage-stale`)];
  return names.slice(0, MOST_ALARMS).map((name) => `${prefix}-${name}`);
}

function each(targets, names, stat) {
  return targets.flatMap(({ id }) =>
    names.map((name) =>
      metric('WorkspaceLoginExport', name, { target_id: id }, { stat, label: `${id} ${name} ${stat}` }),
    ),
  );
}

function functions(prefix, names, stat) {
  return ['scheduled-export', 'alert-export'].flatMap((name) =>
    names.map((each) =>
      metric('AWS/Lambda', each, { FunctionName: `${prefix}-${name}` }, { stat, label: `${name} ${each}` }),
    ),
  );
}

function queues(prefix) {
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

function metric(namespace, name, dimensions, { stat, label }) {
  return [namespace, name, ...Object.entries(dimensions).flat(), { stat, label, period: HOUR }];
}
