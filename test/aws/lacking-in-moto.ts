import pMap from 'p-map';
import type { Aws } from './aws-cli.ts';
import type { Stack } from './stack.ts';

type Properties = Record<string, unknown>;
type Lacking = { why: string; make?(aws: Aws, properties: Properties): Promise<unknown> };

/**
 * The types of resources that moto's CloudFormation passes over, and the only ones that are not made by it here: each is
 * made with the same properties by a call to the API of its service, which moto does have, unless it says why not. As of
 * moto 5.2.5.
 */
export const LACKING_IN_MOTO: Record<string, Lacking> = {
  'AWS::Scheduler::ScheduleGroup': {
    why: 'The schedules are in it.',
    make: (aws, { Name }) => aws('scheduler', 'create-schedule-group', '--name', String(Name)),
  },
  'AWS::Scheduler::Schedule': {
    why: 'What it sends is what the function is run with.',
    make: (aws, schedule) => aws('scheduler', 'create-schedule', ...asInput(schedule)),
  },
  'AWS::Lambda::EventInvokeConfig': {
    why: 'Where failed runs go.',
    make: (aws, { FunctionName, MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig }) =>
      aws(
        'lambda',
        'put-function-event-invoke-config',
        ...asInput({ FunctionName, MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig }),
      ),
  },
  'AWS::SQS::QueuePolicy': {
    why: 'Refuses plain text, and lets rules write what they could not deliver.',
    make: async (aws, { Queues, PolicyDocument }) => {
      const Attributes = { Policy: JSON.stringify(PolicyDocument) };
      for (const QueueUrl of Queues as string[])
        await aws('sqs', 'set-queue-attributes', ...asInput({ QueueUrl, Attributes }));
    },
  },
  'AWS::SNS::TopicPolicy': {
    why: 'Lets alarms publish.',
    make: async (aws, { Topics, PolicyDocument }) => {
      const policy = { AttributeName: 'Policy', AttributeValue: JSON.stringify(PolicyDocument) };
      for (const TopicArn of Topics as string[])
        await aws('sns', 'set-topic-attributes', ...asInput({ TopicArn, ...policy }));
    },
  },
  'AWS::CloudWatch::Alarm': {
    why: 'CloudWatch itself must take each of them.',
    make: (aws, alarm) => aws('cloudwatch', 'put-metric-alarm', ...asInput(alarm)),
  },
  'AWS::S3::BucketPolicy': {
    why: 'Of the bucket that osls uploads to. Refuses plain HTTP, which moto would obey, and it speaks nothing else here.',
  },
};

/** Makes what moto's CloudFormation passed over. */
export async function makeWhatIsLacking(aws: Aws, stack: Stack): Promise<void> {
  for (const [type, { make }] of Object.entries(LACKING_IN_MOTO)) {
    if (!make) continue;
    const all = stack.resources(type).map(([, { Properties }]) => stack.resolve(Properties) as Properties);
    await pMap(all, (properties) => make(aws, properties), { concurrency: 4 });
  }
}

function asInput(input: Properties): string[] {
  return ['--cli-input-json', JSON.stringify(input)];
}
