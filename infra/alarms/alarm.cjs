/**
 * An alarm as CloudFormation has it. `says` opens its description, which is what arrives by e-mail; `page` is the part of
 * docs/operations.md about it. `when` is how often in a row (`of`), or `times` of `of`, the statistic must be bad.
 */
exports.alarm = (name, { page, says, metric, when }) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmName: name,
    AlarmDescription: `${says} What to do: docs/operations.md#${page}`,
    ...watched(metric, when),
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

function watched(metric, { statistic, period }) {
  const { unit } = metric;
  return { ...named(metric), Statistic: statistic, Period: period, ...(unit ? { Unit: unit } : {}) };
}

function named({ namespace, name, dimensions }) {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return { Namespace: namespace, MetricName: name, Dimensions };
}

/** The last part of an alarm's name: that of its page, unless there are several to a page. */
exports.nameOf = ({ page, name = page }) => name;
