const { tlsOnlyPolicy } = require('./tls-only-policy.cjs');

// Of UndeliveredAlertsQueue, which lets rules in as well, in alert-rules.cjs.
const QUEUES = [
  'TaskQueue',
  'TaskDeadLetterQueue',
  'UndeliveredRunsQueue',
  'FailedRunsQueue',
  'FailedAlertsQueue',
];

module.exports = {
  Resources: Object.fromEntries(QUEUES.map((queue) => [`${queue}Policy`, tlsOnlyPolicy(queue)])),
};
