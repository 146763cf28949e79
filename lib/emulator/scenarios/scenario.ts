import * as z from 'zod';
import { HOSTS } from '../server/hosts.ts';
import { CALL_KINDS } from '../server/routes.ts';
import { attack } from './attack.ts';
import { EXPORT_ONLY, effects, headerText } from './effects.ts';
import { refineSpan, scenarioTime } from './scenario-time.ts';

const step = refineSpan(
  z.strictObject({
    on: z.enum([...CALL_KINDS, 'any']),
    // Only calls of this host. On a single port, the host of a call is the one that serves it.
    host: z.enum(HOSTS).optional(),
    times: z
      .union([z.int().min(1), z.literal('always')], 'must be a whole number from 1, or "always"')
      .default(1),
    // Only calls in [from, to). Without "from" or "to" there is no bound on that side.
    from: scenarioTime.optional(),
    to: scenarioTime.optional(),
    effect: z.discriminatedUnion('type', effects),
  }),
).refine(({ on, effect: { type } }) => on === 'export' || !EXPORT_ONLY.includes(type), {
  path: ['on'],
  error: 'must be "export": only that call has this effect',
});

const hostDate = z
  .union([z.int().min(-1e9).max(1e9), headerText], 'must be a whole number of seconds, "none", or a text')
  .optional();

const schema = z.strictObject({
  steps: z.array(step).default([]),
  // At most so many accepted exports within so many seconds. Further exports are answered with 429.
  quota: z.strictObject({ exports: z.int().min(1), per_seconds: z.int().min(1) }).optional(),
  // An export of a project is rejected with this status while a task of the project is CREATING.
  one_at_a_time: z.strictObject({ status: z.literal([400, 408, 409, 423, 425]).default(409) }).optional(),
  // The Date header of each host: how many seconds it is ahead (negative: behind), "none" for no header, or a text.
  dates: z.strictObject({ iam: hostDate, export: hostDate, tasks: hostDate }).optional(),
  attacks: z.array(attack).default([]),
});

/** An effect, the calls that get it, and how many of them. */
export type Step = z.output<typeof step>;

/**
 * The failures of the emulator, in order: each call gets the effect of the first step that is for the kind and the time
 * of the call and not used up. A call without a step works. Written in JSON or YAML:
 * `steps: [{ on: export, times: 2, effect: { type: throttle, retry_after: 3 } }]`
 * `steps: [{ on: tasks, times: always, to: PT36H, effect: { type: status, status: 503 } }]`
 *
 * A `quota` rejects exports that come too fast. `one_at_a_time` rejects exports while another export runs. `dates`
 * changes the Date headers of the hosts. `attacks` add logins of one person from one address. Times are instants, or
 * distances from the start of the emulator:
 * `quota: { exports: 20, per_seconds: 600 }`
 * `one_at_a_time: { status: 409 }`
 * `dates: { export: 7200, iam: none, tasks: yesterday }`
 * `attacks: [{ from: -PT2H, to: PT0S, logins: 300, public_ip: 203.0.113.45, failed: true }]`
 */
export type Scenario = z.output<typeof schema>;

/** A scenario as users write it: keys with a default may be absent. */
export type ScenarioInput = z.input<typeof schema>;

/** The scenario is invalid. `issues` lists every issue of the scenario. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly issues: readonly ScenarioIssue[];

  constructor(issues: readonly ScenarioIssue[]) {
    super(['Invalid scenario:', ...issues.map(({ path, message }) => `  ${path}: ${message}`)].join('\n'));
    this.issues = issues;
  }
}

/** Reads a scenario, or throws a `ScenarioError` with every issue. */
export function parseScenario(value: unknown): Scenario {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw new ScenarioError(describeIssues(result.error));
}

/** What is wrong with one place of a scenario. */
type ScenarioIssue = { path: string; message: string };

/** The issues of a failed parse, with one for each unknown key. */
function describeIssues(error: z.ZodError): ScenarioIssue[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path: dotted([...issue.path, key]), message: 'is not known here' }));
    return [{ path: dotted(issue.path), message: messageFor(issue) }];
  });
}

function messageFor(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? `is missing; it must be ${nounOf(issue)}`
        : `must be ${nounOf(issue)}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(quoted).join(', ')}`;
    case 'invalid_union':
      return issue.discriminator ? `is not known; there are ${optionsOf(issue)}` : issue.message;
    case 'too_small':
      return issue.origin === 'string' ? 'must not be empty' : `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

function nounOf({ expected }: z.core.$ZodIssueInvalidType): string {
  return NOUNS[expected] ?? 'a whole number';
}

// Words of YAML and JSON, for users who do not know those of the schema library.
const NOUNS: Record<string, string> = {
  array: 'a list',
  boolean: 'true or false',
  object: 'an object (a mapping)',
  string: 'text',
};

function optionsOf(issue: z.core.$ZodIssueInvalidUnion): string {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options.map(quoted).join(', ') : '';
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}

function dotted(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '(the whole scenario)' : z.core.toDotPath([...path]);
}
