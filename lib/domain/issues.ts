import type * as z from 'zod/mini';
import { toDotPath } from 'zod/v4/core';
import { InputError, type Issue } from './errors.ts';
import { meantKey } from './strict-object.ts';

/**
 * Reads a value with a schema, or throws one `InputError` that lists every issue by path.
 * `subject` opens the message and says what was read, such as `infra/targets.yml is not right:`.
 */
export function readInput<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  subject: string,
): z.output<Schema> {
  const result = schema.safeParse(value, { error: wordIssue });
  if (result.success) return result.data;
  throw new InputError(subject, issuesOf(result.error));
}

/**
 * The issues of a failed parse, one for each wrong value and each unknown key. No value is repeated in them. A key that
 * is misspelt is not reported as missing too.
 */
export function issuesOf(error: z.core.$ZodError): Issue[] {
  const unknown = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? unknownKeys(issue) : [],
  );
  const meant = new Set(unknown.map(({ meant: path }) => path));
  return error.issues.flatMap((issue) => {
    const path = dotted(issue.path);
    if (issue.code !== 'unrecognized_keys') return meant.has(path) ? [] : [{ path, message: issue.message }];
    return unknownKeys(issue).map(({ issue }) => issue);
  });
}

type UnknownKey = { issue: Issue; meant: string | undefined };

function unknownKeys({ message, keys, path }: z.core.$ZodIssueUnrecognizedKeys): UnknownKey[] {
  const messages = message.split('\n');
  return keys.map((key, index) => {
    const message = messages[index] ?? 'is not known here';
    const meant = meantKey(message);
    return {
      issue: { path: dotted([...path, key]), message },
      meant: meant === undefined ? undefined : dotted([...path, meant]),
    };
  });
}

/** Words for what every schema can find wrong; a schema of its own words wins. */
export function wordIssue(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  const wanted = noun(issue.expected);
  if (issue.input === undefined) return `is missing; it must be ${wanted}`;
  if (issue.input === null) return `must be ${wanted}, and is empty (null)`;
  return issue.expected === 'string' && isUnquoted(issue.input)
    ? `must be ${wanted}; put it in quotes`
    : `must be ${wanted}`;
}

// YAML reads 0123, 1e5, 0x1F and true as something else than the text that stands there.
function isUnquoted(value: unknown): boolean {
  return ['number', 'bigint', 'boolean'].includes(typeof value);
}

// The words of YAML and JSON, for people who do not know the schema library's.
function noun(type: string): string {
  return { array: 'a list', object: 'an object (a mapping)', string: 'text' }[type] ?? `a ${type}`;
}

function dotted(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '(the whole document)' : toDotPath([...path]);
}
