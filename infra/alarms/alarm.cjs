/**
 * An alarm as CloudFormation has it. `says` opens its description, which is what arrives by e-mail; `page` is the part of
 * docs/operations.md about it. `when` is how often in a row (`of`), or `times` of `of`, the statistic must be bad.
 */
exports.alarm = (name, { page, says, metric, sum, when }) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmName: name,
    AlarmDescription: `${says} What to do: docs/operations.md#${page}`,
    ...(sum ? sumOf(sum, when.period) : one(metric, when)),
    ...limit(when),
    EvaluationPeriods: when.of ?? 1,
    DatapointsToAlarm: when.times ?? when.of ?? 1,
    TreatMissingData: when.missing ?? 'notBreaching',
    AlarmActions: [TOPIC],
    OKActions: [TOPIC],
  },
});

const TOPIC = { Ref: 'AlarmTopic' };

function limit({ atLeast, above, below }) {
  if (above !== undefined) return { ComparisonOperator: 'GreaterThanThreshold', Threshold: above };
  if (below !== undefined) return { ComparisonOperator: 'LessThanThreshold', Threshold: below };
  return { ComparisonOperator: 'GreaterThanOrEqualToThreshold', Threshold: atLeast };
}

function one(metric, { statistic, period }) {
  const { unit } = metric;
  return { ...named(metric), Statistic: statistic, Period: period, ...(unit ? { Unit: unit } : {}) };
}

// Where one of them has no figure it counts as none; CloudWatch adds nothing to what is not there.
function sumOf(metrics, period) {
  const parts = metrics.map((metric, index) => ({
    Id: `m${index + 1}`,
    ReturnData: false,
    MetricStat: { Metric: named(metric), Stat: 'Sum', Period: period },
  }));
  const Expression = parts.map(({ Id }) => `FILL(${Id}, 0)`).join(' + ');
  return { Metrics: [{ Id: 'all', Expression, Label: 'all of them', ReturnData: true }, ...parts] };
}

function named({ namespace, name, dimensions }) {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return { Namespace: namespace, MetricName: name, Dimensions };
}
