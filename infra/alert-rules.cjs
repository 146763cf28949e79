const deployedAlerts = require('./deployed-alerts.cjs');
const { tlsOnlyPolicy } = require('./tls-only-policy.cjs');

// What of the default event bus reaches the function: made of the alert rules of the bundle that is deployed.
module.exports = async () => {
  const rules = Object.entries(await deployedAlerts());
  const resources = rules.flatMap(([name, pattern]) => [
    [name, eventRule(pattern)],
    [`${name}Permission`, permission(name)],
  ]);
  return { Resources: { ...Object.fromEntries(resources), UndeliveredAlertsAccess: mayReport(rules) } };
};

function eventRule(pattern) {
  return {
    Type: 'AWS::Events::Rule',
    Properties: {
      State: 'ENABLED',
      EventPattern: pattern,
      Targets: [
        {
          Id: 'alert-export',
          Arn: arnOf('AlertExportLambdaFunction'),
          // The service's longest: an alert that comes late asks for the same window.
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
          DeadLetterConfig: { Arn: arnOf('UndeliveredAlertsQueue') },
        },
      ],
    },
  };
}

function permission(rule) {
  return {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: arnOf('AlertExportLambdaFunction'),
      Principal: 'events.amazonaws.com',
      SourceArn: arnOf(rule),
    },
  };
}

// A rule has no role; the queue itself lets it in. It is one policy with the refusal of plain text: a queue has one.
function mayReport(rules) {
  const queue = arnOf('UndeliveredAlertsQueue');
  const allowed = {
    Sid: 'ReportUndeliveredAlerts',
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queue,
    Condition: { ArnEquals: { 'aws:SourceArn': rules.map(([name]) => arnOf(name)) } },
  };
  return tlsOnlyPolicy('UndeliveredAlertsQueue', [allowed]);
}

function arnOf(name) {
  return { 'Fn::GetAtt': [name, 'Arn'] };
}
