import * as z from 'zod';
import { CALL_KINDS } from './routes.ts';
import { attack } from './scenario-attack.ts';
import { describeFaults, type ScenarioFault } from './scenario-faults.ts';

const text = z.string().min(1);

const effects = [
  // Nothing special: lets calls through, to reach a later one.
  effect('pass', {}),
  // 429, with Retry-After in seconds, as an HTTP date, or (no retry_after) without the header.
  effect('throttle', {
    retry_after: z.int().min(0).optional(),
    retry_after_form: z.enum(['seconds', 'http_date']).default('seconds'),
  }),
  effect('status', { status: z.literal([500, 502, 503, 504]) }),
  // The work is done at once, the answer comes late.
  effect('slow', { milliseconds: z.int().min(0).max(600_000) }),
  // Closes the connection; "after": the work was done all the same.
  effect('cut', { when: z.enum(['before', 'after']) }),
  // The work is done and the body of the answer is damaged.
  effect('wrong_json', {}),
  // 200 with an error in the body, as some Workspace calls answer; no work is done.
  effect('error_code_in_200', {}),
  effect('empty_task_id', {}),
  // From this call on, all tokens given out so far are refused.
  effect('revoke_tokens', {}),
  // From this call on, the cloud's clock is off by so many seconds.
  effect('clock_skew', { seconds: z.int() }),
  // What a host says that does not have the call.
  effect('wrong_host', {}),
  effect('forbidden', {}),
  // The next task that is created ends as FAIL.
  effect('fail_task', { reason: text, error_code: text.default('WKS.00211401') }),
] as const;

const step = z
  .strictObject({
    on: z.enum([...CALL_KINDS, 'any']),
    times: z
      .union([z.int().min(1), z.literal('always')], 'must be a whole number from 1, or "always"')
      .default(1),
    effect: z.discriminatedUnion('type', effects),
  })
  .refine(({ on, effect: { type } }) => on === 'export' || !EXPORT_ONLY.includes(type), {
    path: ['on'],
    error: 'must be "export": only that call has this effect',
  });

const EXPORT_ONLY = ['fail_task', 'empty_task_id'];

const schema = z.strictObject({
  steps: z.array(step).default([]),
  // Beyond so many accepted exports within so many seconds, exports are answered with 429 until one is free again.
  quota: z.strictObject({ exports: z.int().min(1), per_seconds: z.int().min(1) }).optional(),
  attacks: z.array(attack).default([]),
});

/** What one call meets. */
export type Effect = Step['effect'];
export type Step = z.output<typeof step>;

/**
 * What goes wrong, in order: a call meets the first step that is for its kind and not used up yet. Without one,
 * nothing special happens to it. Written in JSON or YAML:
 * `steps: [{ on: export, times: 2, effect: { type: throttle, retry_after: 3 } }]`
 *
 * Besides, a `quota` refuses exports that come too fast, and `attacks` add logins of one person from one address, at
 * times that are instants or distances from the start of the emulator:
 * `quota: { exports: 20, per_seconds: 600 }`
 * `attacks: [{ from: -PT2H, to: PT0S, logins: 300, public_ip: 203.0.113.45, failed: true }]`
 */
export type Scenario = z.output<typeof schema>;

/** A scenario as a person writes it: what has a default may be left out. */
export type ScenarioInput = z.input<typeof schema>;

/** The scenario cannot be read. `faults` lists all that is wrong with it, by path. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly faults: readonly ScenarioFault[];

  constructor(faults: readonly ScenarioFault[]) {
    super(
      ['The scenario is not right:', ...faults.map(({ path, problem }) => `  ${path}: ${problem}`)].join(
        '\n',
      ),
    );
    this.faults = faults;
  }
}

/** Reads a scenario, or throws a `ScenarioError` with every fault. */
export function parseScenario(value: unknown): Scenario {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw new ScenarioError(describeFaults(result.error));
}

function effect<Type extends string, Shape extends z.core.$ZodLooseShape>(type: Type, shape: Shape) {
  return z.strictObject({ type: z.literal(type), ...shape });
}
