/**
 * The parts of a CloudFormation template that this room writes, and no more of each than it uses. Names and values are
 * those of the CloudFormation Template Reference Guide.
 */

/** A value that CloudFormation fills in while it deploys. */
export type Intrinsic =
  | { Ref: string }
  | { 'Fn::GetAtt': [resource: string, attribute: string] }
  | { 'Fn::Sub': string }
  | { 'Fn::Join': [separator: string, values: (string | Intrinsic)[]] };

/** A name, an ARN or another text, written out or filled in. */
export type Text = string | Intrinsic;

export type PolicyDocument = { Version: '2012-10-17'; Statement: Statement[] };

export type Statement = {
  Sid: string;
  Effect: 'Allow' | 'Deny';
  /** Only in policies of a resource; those of a role are about whoever has the role. */
  Principal?: '*' | { Service: string };
  Action: string | string[];
  Resource: Text;
  /** By operator, then by key. */
  Condition?: Record<string, Record<string, Text | Text[]>>;
};

/** The properties of each type of resource. */
type Properties = {
  'AWS::CloudWatch::Alarm': AlarmProperties;
  'AWS::CloudWatch::Dashboard': { DashboardName: string; DashboardBody: Text };
  'AWS::Events::Rule': {
    State: 'ENABLED';
    EventPattern: EventPattern;
    Targets: (Delivery & { Id: string })[];
  };
  'AWS::IAM::Policy': { PolicyName: string; Roles: Text[]; PolicyDocument: PolicyDocument };
  'AWS::Lambda::Permission': {
    Action: 'lambda:InvokeFunction';
    FunctionName: Text;
    Principal: string;
    SourceArn: Text;
  };
  'AWS::SNS::Subscription': { TopicArn: Text; Protocol: 'email'; Endpoint: string };
  'AWS::SNS::Topic': { TopicName: string };
  'AWS::SNS::TopicPolicy': { Topics: Text[]; PolicyDocument: PolicyDocument };
  'AWS::SQS::QueuePolicy': { Queues: Text[]; PolicyDocument: PolicyDocument };
  'AWS::Scheduler::Schedule': {
    Name: string;
    GroupName: Text;
    State: 'ENABLED';
    ScheduleExpression: string;
    ScheduleExpressionTimezone: string;
    FlexibleTimeWindow: { Mode: 'OFF' };
    Target: Delivery & { RoleArn: Text; Input: string };
  };
  'AWS::Scheduler::ScheduleGroup': { Name: string };
};

export type AlarmProperties = {
  AlarmName: string;
  AlarmDescription: string;
  Namespace: string;
  MetricName: string;
  Dimensions: { Name: string; Value: Text }[];
  Statistic: 'Maximum' | 'Minimum' | 'Sum';
  /** In seconds. */
  Period: number;
  Unit?: string;
  ComparisonOperator: 'GreaterThanOrEqualToThreshold' | 'GreaterThanThreshold' | 'LessThanThreshold';
  Threshold: number;
  EvaluationPeriods: number;
  DatapointsToAlarm: number;
  TreatMissingData: 'breaching' | 'notBreaching';
  AlarmActions: Text[];
  OKActions: Text[];
};

/** To what EventBridge and its Scheduler hand an event, how often they try, and where the event goes then. */
type Delivery = {
  Arn: Text;
  RetryPolicy: { MaximumEventAgeInSeconds: number; MaximumRetryAttempts: number };
  DeadLetterConfig: { Arn: Text };
};

/** An event pattern of EventBridge. */
export type EventPattern = Readonly<Record<string, unknown>>;

/** A resource of a type, such as `Resource<'AWS::SNS::Topic'>`; of any of these types unless one is named. */
export type Resource<Type extends keyof Properties = keyof Properties> = {
  [Each in Type]: { Type: Each; Properties: Properties[Each] };
}[Type];

/** Resources by their logical ids. */
export type Resources = Record<string, Resource>;

/** A part of the template. */
export type Fragment = { Resources: Resources };

/** What is added to resources that osls makes, or that are declared elsewhere: by their logical ids. */
export type Extensions = Record<string, { Properties: Record<string, unknown>; DependsOn?: string[] }>;

export function arnOf(resource: string): Intrinsic {
  return { 'Fn::GetAtt': [resource, 'Arn'] };
}
