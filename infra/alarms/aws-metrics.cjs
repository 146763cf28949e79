// Metrics that AWS writes, with the dimensions it writes them in. Sources: Lambda Developer Guide, "Types of metrics";
// SQS Developer Guide, "Available CloudWatch metrics"; EventBridge Scheduler User Guide, "Monitoring with CloudWatch";
// EventBridge User Guide, "Monitoring Amazon EventBridge".

exports.inFunction = (name, metric) => ({
  namespace: 'AWS/Lambda',
  name: metric,
  dimensions: { FunctionName: { Ref: name } },
});

exports.inQueue = (name, metric) => ({
  namespace: 'AWS/SQS',
  name: metric,
  dimensions: { QueueName: { 'Fn::GetAtt': [name, 'QueueName'] } },
});

exports.delivery = (group, metric) => ({
  namespace: 'AWS/Scheduler',
  name: metric,
  dimensions: { ScheduleGroup: { Ref: group } },
});

/** Of a rule on the default event bus. */
exports.ofRule = (name, metric) => ({
  namespace: 'AWS/Events',
  name: metric,
  dimensions: { RuleName: { Ref: name } },
});
