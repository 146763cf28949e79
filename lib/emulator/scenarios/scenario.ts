import * as z from 'zod';
import { HOSTS } from '../server/hosts.ts';
import { CALL_KINDS } from '../server/routes.ts';
import { attack, refineSpan, scenarioTime } from './attack.ts';
import { EXPORT_ONLY, effects, headerText } from './scenario-effects.ts';

const step = refineSpan(
  z.strictObject({
    on: z.enum([...CALL_KINDS, 'any']),
    // Only where the call was made; on a single port, that is the host that has it.
    host: z.enum(HOSTS).optional(),
    times: z
      .union([z.int().min(1), z.literal('always')], 'must be a whole number from 1, or "always"')
      .default(1),
    // The step is there for calls in [from, to) alone; without one of the two, that side has no bound.
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
  // Beyond so many accepted exports within so many seconds, exports are answered with 429 until one is free again.
  quota: z.strictObject({ exports: z.int().min(1), per_seconds: z.int().min(1) }).optional(),
  // An export of a project is refused with this status while a task of the project is CREATING.
  one_at_a_time: z.strictObject({ status: z.literal([400, 408, 409, 423, 425]).default(409) }).optional(),
  // By host: how many seconds its Date header is off, "none" for no such header, or a text that it says instead.
  dates: z.strictObject({ iam: hostDate, export: hostDate, tasks: hostDate }).optional(),
  attacks: z.array(attack).default([]),
});

/** What one call meets. */
export type Effect = Step['effect'];
export type Step = z.output<typeof step>;

/**
 * What goes wrong, in order: a call meets the first step that is for its kind and time and not used up yet. Without
 * one, nothing special happens to it. Written in JSON or YAML:
 * `steps: [{ on: export, times: 2, effect: { type: throttle, retry_after: 3 } }]`
 * `steps: [{ on: tasks, times: always, to: PT36H, effect: { type: status, status: 503 } }]`
 *
 * Besides, a `quota` refuses exports that come too fast, `one_at_a_time` those that come while another runs, `dates`
 * makes the hosts' Date headers wrong, and `attacks` add logins of one person from one address. Times are instants or
 * distances from the start of the emulator:
 * `quota: { exports: 20, per_seconds: 600 }`
 * `one_at_a_time: { status: 409 }`
 * `dates: { export: 7200, iam: none, tasks: yesterday }`
 * `attacks: [{ from: -PT2H, to: PT0S, logins: 300, public_ip: 203.0.113.45, failed: true }]`
 */
export type Scenario = z.output<typeof schema>;

/** A scenario as a person writes it: what has a default may be left out. */
export type ScenarioInput = z.input<typeof schema>;

/** The scenario cannot be read. `issues` lists all that is wrong with it, by path. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly issues: readonly ScenarioIssue[];

  constructor(issues: readonly ScenarioIssue[]) {
    super(
      ['The scenario is not right:', ...issues.map(({ path, message }) => `  ${path}: ${message}`)].join(
        '\n',
      ),
    );
    this.issues = issues;
  }
}

/** Reads a scenario, or throws a `ScenarioError` with every issue. */
export function parseScenario(value: unknown): Scenario {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw new ScenarioError(describeIssues(result.error));
}

/** One thing that is wrong with a scenario, and where. */
type ScenarioIssue = { path: string; message: string };

/** Every issue of a failed parse, one for each unknown key too. */
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

// The words of YAML and JSON, for people who do not know the schema library's.
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
