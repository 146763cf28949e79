import * as z from 'zod';
import type { Attack } from '../logins/attack-logins.ts';
import { refineSpan, scenarioTime, timeFrom } from './scenario-time.ts';

const text = z.string().min(1);

/** An attack in a scenario; its logins are spread evenly over `[from, to)`. */
export const attack = refineSpan(
  z.strictObject({
    from: scenarioTime,
    to: scenarioTime,
    logins: z.int().min(1).max(100_000),
    // All logins of an attack have these fields in common. Absent fields get fake values, the same for all logins.
    public_ip: text.optional(),
    user_name: text.optional(),
    machine_name: text.optional(),
    // Whether every login failed.
    failed: z.boolean().default(false),
  }),
);

/** An attack with the times that it has when the scenario starts at `startedAt`, in milliseconds since the epoch. */
export function attackFrom({ from, to, ...rest }: z.output<typeof attack>, startedAt: number): Attack {
  return { start: timeFrom(from, startedAt), end: timeFrom(to, startedAt), ...rest };
}
