import * as z from 'zod';

/** One thing that is wrong with a scenario, and where. */
export type ScenarioIssue = { path: string; message: string };

/** Every issue of a failed parse, one for each unknown key too. */
export function describeIssues(error: z.ZodError): ScenarioIssue[] {
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
