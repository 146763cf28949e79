import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { Temporal } from 'temporal-polyfill';
import { type AwsClientConfig, awsClientConfig } from './aws-client-config.ts';
import { listenOnLoopback } from './loopback.ts';

/** A schedule as it was asked for, without the token that makes the SDK's own retries one. */
export type CreatedSchedule = Record<string, unknown>;

export type SchedulerServer = {
  clientConfig: AwsClientConfig;
  /** By group and name, as `alerts/acme-prod_20261124T040500Z`. */
  schedules: Map<string, CreatedSchedule>;
  /** Names of the schedules whose time has come and that are about a target. */
  dueFor(targetId: string, now: Temporal.Instant): string[];
  close(): Promise<void>;
};

type Reply = { status: number; type?: string; body: Record<string, unknown> };

/**
 * Starts a stand-in for EventBridge Scheduler that knows CreateSchedule, in groups of any name.
 * Source of shapes, patterns and words: the API reference of EventBridge Scheduler, CreateSchedule.
 */
export async function startScheduler(): Promise<SchedulerServer> {
  const schedules = new Map<string, CreatedSchedule>();
  const server = createServer(async (request, response) => {
    const { status, type, body } = createSchedule(schedules, request, await json(request));
    response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type ?? '' });
    response.end(JSON.stringify(body));
  });
  const { endpoint, close } = await listenOnLoopback(server);
  const dueFor = (targetId: string, now: Temporal.Instant) =>
    [...schedules].filter(([, schedule]) => isDue(schedule, targetId, now)).map(([name]) => name);
  return { clientConfig: awsClientConfig(endpoint), schedules, dueFor, close };
}

const PATH = /^\/schedules\/([0-9a-zA-Z\-_.]{1,64})$/;
const ONCE = /^at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)$/;

function createSchedule(
  schedules: Map<string, CreatedSchedule>,
  { headers, method, url = '' }: IncomingMessage,
  body: unknown,
): Reply {
  const isSigned = headers.authorization?.includes('/scheduler/aws4_request') ?? false;
  const name = PATH.exec(url)?.[1];
  if (method !== 'POST' || !isSigned || name === undefined) return refuse(404, 'UnknownOperationException');
  const { GroupName: group, ClientToken: _, ...schedule } = Object(body);
  if (!ONCE.test(String(schedule.ScheduleExpression))) return refuse(400, 'ValidationException');
  const key = `${group}/${name}`;
  if (schedules.has(key)) return refuse(409, 'ConflictException', `Schedule ${name} already exists.`);
  schedules.set(key, schedule);
  const arn = `arn:aws:scheduler:eu-central-1:123456789012:schedule/${key}`;
  return { status: 200, body: { ScheduleArn: arn } };
}

function isDue(schedule: CreatedSchedule, targetId: string, now: Temporal.Instant): boolean {
  const { target_id, scheduled_time } = JSON.parse(Object(schedule['Target']).Input);
  return target_id === targetId && Temporal.Instant.compare(scheduled_time, now) <= 0;
}

function refuse(status: number, type: string, message = 'The request is not right.'): Reply {
  return { status, type, body: { Message: message } };
}
