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

/** What is gone without a trace: neither delivered nor in the queue for what is not. */
exports.lostOnTheWay = (rules) => [
  exports.inFunction('ScheduledExportLambdaFunction', 'DestinationDeliveryFailures'),
  exports.inFunction('AlertExportLambdaFunction', 'DestinationDeliveryFailures'),
  exports.delivery('ScheduleGroup', 'InvocationsFailedToBeSentToDeadLetterCount'),
  exports.delivery('FollowUpGroup', 'InvocationsFailedToBeSentToDeadLetterCount'),
  ...rules.map((rule) => ({
    namespace: 'AWS/Events',
    name: 'InvocationsFailedToBeSentToDlq',
    dimensions: { RuleName: { Ref: rule } },
  })),
];
