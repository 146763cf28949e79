import { closest, distance } from 'fastest-levenshtein';
import * as z from 'zod/mini';
import { toDotPath } from 'zod/v4/core';
import { InputError, type Issue } from '../errors.ts';
import { strayEnd, strayIn, withoutStrayEnds } from '../stray-characters.ts';

/**
 * Reads a value with a schema, or throws one `InputError` that lists every issue by path.
 * `subject` opens the message and says what was read, such as `Invalid targets file infra/settings/targets.yml:`.
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
export function issuesOf({ issues }: z.core.$ZodError): Issue[] {
  const misspelt = new Set(
    issues.flatMap((issue) =>
      unknownKeysOf(issue).map(({ meant }) => (meant === undefined ? '' : dotted([...issue.path, meant]))),
    ),
  );
  return issues.flatMap((issue) => {
    const path = dotted(issue.path);
    if (issue.code === 'unrecognized_keys')
      return unknownKeysOf(issue).map(({ key, meant: _, ...issueOfKey }) => ({
        path: dotted([...issue.path, key]),
        ...issueOfKey,
      }));
    const { fix } = detailsOf(issue);
    return misspelt.has(path) ? [] : [{ path, message: issue.message, ...(fix ? { fix } : {}) }];
  });
}

/**
 * What an issue of the schema library carries for `issuesOf` besides its message, as its `params`. The library copies
 * what an error function adds to the raw issue.
 */
type Details = { fix?: string | undefined; unknownKeys?: UnknownKey[] };

type UnknownKey = Pick<Issue, 'message' | 'fix'> & { key: string; meant?: string | undefined };

function addDetails(issue: z.core.$ZodRawIssue, params: Details): void {
  Object.assign(issue, { params });
}

function detailsOf(issue: z.core.$ZodIssue): Details {
  return ('params' in issue && issue.params) || {};
}

function unknownKeysOf(issue: z.core.$ZodIssue): UnknownKey[] {
  if (issue.code !== 'unrecognized_keys') return [];
  return detailsOf(issue).unknownKeys ?? issue.keys.map((key) => ({ key, message: UNKNOWN_KEY }));
}

const UNKNOWN_KEY = 'is not known here';

function dotted(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '(the whole document)' : toDotPath([...path]);
}

/** Plain words for what every schema can find wrong; a schema's own words come first. */
export function wordIssue(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  const wanted = `must be ${noun(issue.expected)}`;
  if (issue.input === undefined) return `is missing (${wanted})`;
  if (issue.input === null) return `${wanted}, and is empty (null)`;
  if (issue.expected === 'string' && isUnquoted(issue.input)) addDetails(issue, { fix: 'put it in quotes' });
  return wanted;
}

// YAML reads 0123, 1e5, 0x1F and true as something else than the text that is written there.
function isUnquoted(value: unknown): boolean {
  return ['number', 'bigint', 'boolean'].includes(typeof value);
}

// The words of YAML and JSON, for people who do not know the schema library.
function noun(type: string): string {
  return { array: 'a list', object: 'an object (a mapping)', string: 'text' }[type] ?? `a ${type}`;
}

/** An object that a person writes: a key it does not know is an issue, with the key that was probably meant. */
export function strictObject<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      const unknownKeys = issue.keys.map((key) => unknownKey(key, known, Object(issue.input)));
      addDetails(issue, { unknownKeys });
      return UNKNOWN_KEY;
    },
  });
}

function unknownKey(key: string, known: readonly string[], written: object): UnknownKey {
  const stray = strayEnd(key);
  const message = stray === undefined ? UNKNOWN_KEY : `${UNKNOWN_KEY}, because it ${stray}`;
  const word = withoutStrayEnds(key);
  const meant = nearest(word, known);
  const isThere = meant !== undefined && !['', null, undefined].includes(Reflect.get(written, meant));
  // A key that is there as well is not the one that is missing.
  return isThere
    ? { key, message, fix: `did you mean "${meant}", which is there as well?` }
    : { key, message, fix: suggestion(word, known), meant };
}

/** "did you mean …" for a word that is nearly one of the known ones, else the list of what is known. */
export function suggestion(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant ? `did you mean "${meant}"?` : `known are ${known.join(', ')}`;
}

/** The known word that was probably meant, if one is near enough. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const found = closest(word, known);
  return distance(word, found) <= Math.max(2, Math.floor(word.length / 3)) ? found : undefined;
}

/** Text that a person writes. `issueIn` says what is wrong with it, or nothing. */
export function checkedText(issueIn: (text: string) => Pick<Issue, 'message' | 'fix'> | undefined) {
  return z.string().check((context) => {
    const issue = issueIn(context.value);
    if (issue === undefined) return;
    const params: Details = { fix: issue.fix };
    context.issues.push({ code: 'custom', input: context.value, message: issue.message, params });
  });
}

/** Text of a form: an issue says what is `expected` where the text does not match the pattern. */
export function pattern(pattern: RegExp, expected: string) {
  return checkedText((text) => {
    if (pattern.test(text)) return undefined;
    // A person does not see a space at an end by reading the text again.
    const stray = strayEnd(text);
    return stray === undefined ? { message: expected } : { message: stray, fix: expected };
  });
}

/** One line of a person's own words. A character that nobody sees, and that no such value has, is an issue that names it. */
export function visibleLine() {
  return checkedText(strayIn);
}

/** The id of a target or a rule. */
export const idPattern = pattern(
  /^[a-z0-9][a-z0-9-]{0,62}$/,
  'must be 1 to 63 characters from a-z, 0-9 and "-", and must not begin with "-"',
);

/** A count from 1 to `atMost`. */
export function wholeNumber({ atMost }: { atMost: number }) {
  const expected = `must be a whole number from 1 to ${atMost}`;
  return z.int(expected).check(z.minimum(1, expected), z.maximum(atMost, expected));
}

/** An issue for each text of a list that is in it a second time. `pathOf` is the place of an element. */
export function* duplicates(
  texts: readonly (string | undefined)[],
  pathOf: (index: number) => string,
): Generator<Issue> {
  const seen = new Map<string, number>();
  for (const [index, text] of texts.entries()) {
    if (text === undefined) continue;
    const first = seen.get(text);
    if (first === undefined) seen.set(text, index);
    else yield { path: pathOf(index), message: `must be unique, and ${pathOf(first)} is "${text}" too` };
  }
}
