import * as z from 'zod';
import { refineSpan, scenarioTime } from './scenario-time.ts';

const text = z.string().min(1);

/** What a scenario says of one attack; the logins are spread evenly over `[from, to)`. */
export const attack = refineSpan(
  z.strictObject({
    from: scenarioTime,
    to: scenarioTime,
    logins: z.int().min(1).max(100_000),
    // All logins of an attack have these in common. What is left out is made up, once for all of them.
    public_ip: text.optional(),
    user_name: text.optional(),
    machine_name: text.optional(),
    // Whether none of them got in.
    failed: z.boolean().default(false),
  }),
);

export type Attack = z.output<typeof attack>;
