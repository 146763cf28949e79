import * as z from 'zod';
import { isDistance, scenarioTime, timeFrom } from './scenario-time.ts';

const text = z.string().min(1);

/** What a scenario says of one attack; the logins are spread evenly over `[from, to)`. */
export const attack = z
  .strictObject({
    from: scenarioTime,
    to: scenarioTime,
    logins: z.int().min(1).max(100_000),
    // All logins of an attack have these in common. What is left out is made up, once for all of them.
    public_ip: text.optional(),
    user_name: text.optional(),
    machine_name: text.optional(),
    // Whether none of them got in.
    failed: z.boolean().default(false),
  })
  .refine(({ from, to }) => isDistance(from) === isDistance(to), {
    path: ['to'],
    abort: true,
    error: 'must be of the kind of "from": two times, or two distances from the start',
  })
  .refine(({ from, to }) => timeFrom(from, 0) < timeFrom(to, 0), {
    path: ['to'],
    error: 'must be after "from"',
  });

export type Attack = z.output<typeof attack>;
