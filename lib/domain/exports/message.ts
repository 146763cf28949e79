import * as z from 'zod/mini';

export const TASK_SUBMITTED_TYPE = 'workspace.login-export.task-submitted.v1';

const time = z.iso.datetime({ offset: true });

/** Why a window was exported. */
export const reason = z.enum(['routine', 'catch-up', 'backfill', 'alert']);
export type Reason = z.output<typeof reason>;

/** What started the export: a schedule on AWS, a person's (or cron's) command on one machine, or a security alert. */
export const trigger = z.object({
  kind: z.enum(['schedule', 'command', 'alert']),
  scheduled_time: time.check(
    z.describe(
      'The time that the run is for, from which windows follow; for an alert, when its export was ordered',
    ),
  ),
  schedule_arn: z.optional(z.string()),
});
export type Trigger = z.output<typeof trigger>;

/** The security alerts that an export was ordered for. */
export const servedAlerts = z.object({
  ids: z.array(z.string()).check(z.describe("The alerts' own ids, the first of them")),
  more: z.boolean().check(z.describe('There are more than are listed')),
  coalesced: z
    .boolean()
    .check(z.describe('Several exports joined into one, without the filters that each alert asked for')),
});
export type ServedAlerts = z.output<typeof servedAlerts>;

const window = z.object({ start: time, end: time });

const request = z.object({
  login_start_time: z.string().check(z.describe('The literal sent to Huawei; includes the overlap')),
  login_end_time: z
    .string()
    .check(z.describe("The literal sent to Huawei: the window's end, rounded up to a whole second")),
  filters: z.record(z.string(), z.string()),
});

/** The message on the queue, one for each export task: CloudEvents 1.0, structured JSON. */
export const taskSubmitted = z.object({
  specversion: z.literal('1.0'),
  type: z.literal(TASK_SUBMITTED_TYPE),
  source: z.string().check(z.describe('workspace-login-export/<target id>')),
  id: z
    .string()
    .check(z.describe('Stable: the same window, filters, reason and attempt of a target give the same id')),
  time: time.check(z.describe('When Huawei accepted the task')),
  subject: z.string().check(z.describe('<window start>/<window end>')),
  datacontenttype: z.literal('application/json'),
  data: z.object({
    task_id: z.string().check(z.minLength(1), z.describe("The name of Huawei's export task")),
    target: z.object({ id: z.string(), region: z.string(), project_id: z.string() }),
    window: window.check(z.describe('Half-open: [start, end)')),
    request,
    reason,
    trigger,
    alerts: z.optional(servedAlerts.check(z.describe('Only where the reason is alert'))),
    attempt: z
      .int()
      .check(
        z.minimum(1),
        z.describe('Counts the tasks ordered for this window; above 1 after one that failed'),
      ),
    retention_deadline: time.check(z.describe('Window start + 30 days: Huawei keeps no record longer')),
    tasks_endpoint: z.url().check(z.describe('Origin of the calls that list and download export tasks')),
  }),
});

export type TaskSubmitted = z.output<typeof taskSubmitted>;
