import { queuePolicy } from './queue-policies.ts';
import { alertPatterns } from './template/alert-patterns.ts';
import {
  arnOf,
  type EventPattern,
  type Fragment,
  type Resource,
  type Statement,
} from './template/cloudformation.ts';
import type { Deployment } from './template/deployment.ts';

/** What of the default event bus reaches the function: a rule of the bus for each kind of alert that some rule is for. */
export function alertRules({ rules }: Pick<Deployment, 'rules'>): Fragment {
  const patterns = alertPatterns(rules);
  const names = Object.keys(patterns);
  const resources = Object.entries(patterns).flatMap(([name, pattern]): [string, Resource][] => [
    [name, eventRule(pattern)],
    [`${name}Permission`, permission(name)],
  ]);
  return { Resources: { ...Object.fromEntries(resources), UndeliveredAlertsAccess: mayReport(names) } };
}

function eventRule(pattern: EventPattern): Resource<'AWS::Events::Rule'> {
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

function permission(rule: string): Resource<'AWS::Lambda::Permission'> {
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

// A rule has no role; the queue itself lets the rule in.
function mayReport(rules: readonly string[]): Resource<'AWS::SQS::QueuePolicy'> {
  const allowed: Statement = {
    Sid: 'ReportUndeliveredAlerts',
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: arnOf('UndeliveredAlertsQueue'),
    Condition: { ArnEquals: { 'aws:SourceArn': rules.map(arnOf) } },
  };
  return queuePolicy('UndeliveredAlertsQueue', [allowed]);
}
