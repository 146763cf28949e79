import type * as z from 'zod/mini';
import { toDotPath } from 'zod/v4/core';
import { type Fault, InputError } from './errors.ts';

/**
 * Reads a value with a schema, or throws one `InputError` that lists every fault by path.
 * `subject` opens the message and says what was read, such as `infra/targets.yml is not right:`.
 */
export function readInput<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  subject: string,
): z.output<Schema> {
  const result = schema.safeParse(value, { error: wordIssue });
  if (result.success) return result.data;
  throw new InputError(subject, faultsOf(result.error));
}

/** The faults of a failed parse, one for each wrong value and each unknown key. No value is repeated in them. */
export function faultsOf(error: z.core.$ZodError): Fault[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ path: dotted(issue.path), problem: issue.message }];
    const problems = issue.message.split('\n');
    return issue.keys.map((key, index) => ({
      path: dotted([...issue.path, key]),
      problem: problems[index] ?? 'is not known here',
    }));
  });
}

/** Words for what every schema can find wrong; a schema of its own words wins. */
export function wordIssue(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  return issue.input === undefined
    ? `is missing; it must be ${noun(issue.expected)}`
    : `must be ${noun(issue.expected)}`;
}

// The words of YAML and JSON, for people who do not know the schema library's.
function noun(type: string): string {
  return { array: 'a list', object: 'an object (a mapping)', string: 'text' }[type] ?? `a ${type}`;
}

function dotted(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '(the whole document)' : toDotPath([...path]);
}
