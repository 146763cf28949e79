import * as z from 'zod/mini';
import { InputError } from '../../domain/errors.ts';
import { issuesOf, wordIssue } from '../../domain/input/schema.ts';
import { type Instant, instant } from '../../domain/time/instant.ts';
import type { TriggerSource } from './run-input.ts';

/** What a scheduled event asks for: a run of one target or of all enabled ones, or the sweep of all. */
export type ScheduledInput = {
  targetId?: string;
  sweep: boolean;
  scheduledTime: Instant;
  trigger: TriggerSource;
};

const scheduled = { scheduled_time: instant, schedule_arn: z.string() };
const ofTarget = z.object({ target_id: z.string(), ...scheduled });
const ofSweep = z.object({ sweep: z.literal(true, 'must be true'), ...scheduled });

const classic = z.object({
  'detail-type': z.literal('Scheduled Event'),
  time: instant,
  resources: z._default(z.array(z.string()), []),
});

const EXPECTED =
  'expected {"target_id", "scheduled_time", "schedule_arn"} or {"sweep": true, "scheduled_time", "schedule_arn"} from ' +
  'EventBridge Scheduler, or an EventBridge event with "detail-type": "Scheduled Event" and "time"';

/** Reads the event of the scheduled export. Unknown keys are ignored; anything else throws one `InputError`. */
export function readScheduledEvent(event: unknown): ScheduledInput {
  if (classic.shape['detail-type'].safeParse(keyOf(event, 'detail-type')).success) {
    const { time, resources } = read(classic, event);
    return { sweep: false, scheduledTime: time, trigger: schedule(resources[0]) };
  }
  if (keyOf(event, 'sweep') !== undefined) {
    const { scheduled_time: time, schedule_arn: arn } = read(ofSweep, event);
    return { sweep: true, scheduledTime: time, trigger: schedule(arn) };
  }
  const { target_id: targetId, scheduled_time: time, schedule_arn: arn } = read(ofTarget, event);
  return { targetId, sweep: false, scheduledTime: time, trigger: schedule(arn) };
}

function read<Schema extends z.ZodMiniType>(schema: Schema, event: unknown): z.output<Schema> {
  const result = schema.safeParse(event, { error: wordIssue });
  if (result.success) return result.data;
  throw new InputError(`The event is not one of the scheduled export: ${EXPECTED}.`, issuesOf(result.error));
}

function keyOf(event: unknown, key: string): unknown {
  return z.looseObject({ [key]: z.unknown() }).safeParse(event).data?.[key];
}

function schedule(arn: string | undefined): TriggerSource {
  return { kind: 'schedule', ...(arn ? { schedule_arn: arn } : {}) };
}
