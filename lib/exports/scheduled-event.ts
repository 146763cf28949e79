import * as z from 'zod/mini';
import { InputError } from '../domain/errors.ts';
import { faultsOf, wordIssue } from '../domain/faults.ts';
import { type Instant, instant } from '../domain/instant.ts';
import type { Trigger } from '../domain/task-submitted.ts';

/** What a scheduled event asks for: one target, or all enabled ones. */
export type ScheduledDemand = { targetId?: string; scheduledTime: Instant; trigger: Trigger };

const fromScheduler = z.object({ target_id: z.string(), scheduled_time: instant, schedule_arn: z.string() });

const classic = z.object({
  'detail-type': z.literal('Scheduled Event'),
  time: instant,
  resources: z._default(z.array(z.string()), []),
});

const EXPECTED =
  'expected {"target_id", "scheduled_time", "schedule_arn"} from EventBridge Scheduler, or an EventBridge event with ' +
  '"detail-type": "Scheduled Event" and "time"';

/** Reads the event of the scheduled export. Unknown keys are ignored; anything else throws one `InputError`. */
export function readScheduledEvent(event: unknown): ScheduledDemand {
  if (classic.shape['detail-type'].safeParse(detailType(event)).success) {
    const { time, resources } = read(classic, event);
    return { scheduledTime: time, trigger: schedule(time, resources[0]) };
  }
  const { target_id, scheduled_time, schedule_arn } = read(fromScheduler, event);
  return {
    targetId: target_id,
    scheduledTime: scheduled_time,
    trigger: schedule(scheduled_time, schedule_arn),
  };
}

function read<Schema extends z.ZodMiniType>(schema: Schema, event: unknown): z.output<Schema> {
  const result = schema.safeParse(event, { error: wordIssue });
  if (result.success) return result.data;
  throw new InputError(`The event is not one of the scheduled export: ${EXPECTED}.`, faultsOf(result.error));
}

function detailType(event: unknown): unknown {
  return z.looseObject({ 'detail-type': z.unknown() }).safeParse(event).data?.['detail-type'];
}

function schedule(time: Instant, arn: string | undefined): Trigger {
  return { kind: 'schedule', scheduled_time: time.toString(), ...(arn ? { schedule_arn: arn } : {}) };
}
