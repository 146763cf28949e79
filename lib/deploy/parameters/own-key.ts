import type { Extensions, Intrinsic, Resource, Resources, Statement } from '../template/cloudformation.ts';

const FUNCTION_ROLES = ['ScheduledExportRole', 'AlertExportRole'];
const SCHEDULE_ROLES = ['SchedulerRole'];
const LOGS = ['ScheduledExportLogGroup', 'AlertExportLogGroup'];
const QUEUES = [
  'TaskQueue',
  'TaskDeadLetterQueue',
  'UndeliveredRunsQueue',
  'FailedRunsQueue',
  'UndeliveredAlertsQueue',
  'FailedAlertsQueue',
];

/**
 * All that is kept, encrypted with the key. What the key's own policy must allow to services without a role (logs,
 * alarms, rules), docs/deploy.md says.
 */
export function ownKey(key: string): { Resources: Resources; extensions: Extensions } {
  return {
    Resources: {
      FunctionsUseKey: mayUse(key, 'functions-use-key', FUNCTION_ROLES, BY_FUNCTIONS),
      SchedulesUseKey: mayUse(key, 'schedules-use-key', SCHEDULE_ROLES, BY_SCHEDULES),
    },
    extensions: {
      ...extend(QUEUES, { KmsMasterKeyId: key, SqsManagedSseEnabled: false }),
      ...extend(LOGS, { KmsKeyId: key }),
      ...extend(['AlarmTopic'], { KmsMasterKeyId: key }),
      ...extend(['LedgerTable'], {
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key },
      }),
    },
  };
}

// What DynamoDB asks of whoever uses a table with such a key (DynamoDB Developer Guide, "Encryption at rest: usage
// notes"), which is more than queues and secrets ask.
const BY_FUNCTIONS: Use = {
  actions: ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo'],
  services: ['dynamodb', 'secretsmanager', 'sqs'],
};

// To put into a queue what could not be delivered.
const BY_SCHEDULES: Use = { actions: ['Decrypt', 'GenerateDataKey'], services: ['sqs'] };

type Use = { actions: string[]; services: string[] };

function mayUse(
  key: string,
  name: string,
  roles: readonly string[],
  { actions, services }: Use,
): Resource<'AWS::IAM::Policy'> {
  const allowed: Statement = {
    Sid: 'UseKey',
    Effect: 'Allow',
    Action: actions.map((action) => `kms:${action}`),
    Resource: key,
    Condition: { StringEquals: { 'kms:ViaService': services.map(endpointOf) } },
  };
  return {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: name,
      Roles: roles.map((role) => ({ Ref: role })),
      PolicyDocument: { Version: '2012-10-17', Statement: [allowed] },
    },
  };
}

function endpointOf(service: string): Intrinsic {
  return { 'Fn::Sub': `${service}.\${AWS::Region}.amazonaws.com` };
}

function extend(names: readonly string[], Properties: Record<string, unknown>): Extensions {
  return Object.fromEntries(names.map((name) => [name, { Properties }]));
}
