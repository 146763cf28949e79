import { closest, distance } from 'fastest-levenshtein';
import * as z from 'zod/mini';
import { toDotPath } from 'zod/v4/core';
import { InputError, type Issue } from '../errors.ts';
import { strayEnd, strayIn, withoutStrayEnds } from '../stray-characters.ts';

/**
 * Reads a value with a schema, or throws one `InputError` that lists every issue by path.
 * `subject` opens the message and says what was read, such as `infra/settings/targets.yml is not right:`.
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
  const found = error.issues.map((issue) => {
    const { fix, meant }: Advice = issue.code === 'custom' ? (issue.params ?? {}) : {};
    const path = dotted(issue.path);
    const misspelt = meant === undefined ? undefined : dotted([...issue.path.slice(0, -1), meant]);
    return { issue: { path, message: issue.message, ...(fix ? { fix } : {}) }, misspelt };
  });
  const misspelt = new Set(found.map((one) => one.misspelt));
  return found.flatMap((one) =>
    misspelt.has(one.issue.path) && one.misspelt === undefined ? [] : [one.issue],
  );
}

/** What goes with the message of an issue. `meant`: the key that an unknown one was probably meant to be. */
type Advice = { fix?: string; meant?: string };

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

/** An object that a person writes: a key it does not know is an issue, with the key that was probably meant. */
export function strictObject<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape);
  const rewriteUnknown: z.core.CheckFn<object> = ({ issues }) => {
    const rewritten = issues.flatMap((issue) =>
      // One without a path is of this object, not of one inside.
      issue.code === 'unrecognized_keys' && !issue.path?.length
        ? issue.keys.map((key) => unknownKey(key, known, Object(issue.input)))
        : [issue],
    );
    issues.splice(0, issues.length, ...rewritten);
  };
  // `when`: by default no check runs after an issue.
  return z.strictObject(shape).check(z.check(rewriteUnknown, { when: () => true }));
}

function unknownKey(key: string, known: readonly string[], written: object): z.core.$ZodRawIssue {
  const stray = strayEnd(key);
  const meant = nearest(withoutStrayEnds(key), known);
  const isThere = meant !== undefined && !['', null, undefined].includes(Reflect.get(written, meant));
  const advice = meant ? didYouMean(meant, isThere ? ', which is there as well' : '') : knownAre(known);
  const params: Advice = { fix: stray ? `it ${stray}; ${advice}` : advice, ...(meant ? { meant } : {}) };
  return { code: 'custom', path: [key], input: written, message: 'is not known here', params };
}

/** "did you mean …" for a word that is nearly one of the known ones, else the list of what is known. */
export function suggestion(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant ? didYouMean(meant) : knownAre(known);
}

function didYouMean(meant: string, addition = ''): string {
  return `did you mean "${meant}"${addition}?`;
}

function knownAre(known: readonly string[]): string {
  return `known are ${known.join(', ')}`;
}

/** The known word that was probably meant, if one is near enough. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const found = closest(word, known);
  return distance(word, found) <= Math.max(2, Math.floor(word.length / 3)) ? found : undefined;
}

/** Text that a person writes. `problemIn` says what is wrong with it and what would be right, or nothing. */
export function checkedText(problemIn: (text: string) => string | undefined) {
  return z.string().check((context) => {
    const message = problemIn(context.value);
    if (message !== undefined) context.issues.push({ code: 'custom', input: context.value, message });
  });
}

/** Text of a form: what does not match the pattern is an issue that says what is `expected`. */
export function pattern(pattern: RegExp, expected: string) {
  return checkedText((text) => {
    if (pattern.test(text)) return undefined;
    // What cannot be seen is not found by looking at the text again.
    const stray = strayEnd(text);
    return stray === undefined ? expected : `${stray}; ${expected}`;
  });
}

/** One line of a person's own words: what nobody sees in it, and no value has, is an issue that names it. */
export function writtenLine() {
  return checkedText(strayIn);
}

/** What people call a target or a rule. */
export const idPattern = pattern(
  /^[a-z0-9][a-z0-9-]{0,62}$/,
  'must be 1 to 63 of a-z, 0-9 and "-", and begin with no "-"',
);

/** A count as a person writes it: from 1 to the most. */
export function wholeNumber({ atMost }: { atMost: number }) {
  const expected = `must be a whole number from 1 to ${atMost}`;
  return z.int(expected).check(z.minimum(1, expected), z.maximum(atMost, expected));
}

/** An issue for each text of a list that has stood there before. `pathOf` says where an element stands. */
export function* duplicates(
  texts: readonly (string | undefined)[],
  pathOf: (index: number) => string,
): Generator<Issue> {
  const seen = new Map<string, number>();
  for (const [index, text] of texts.entries()) {
    if (text === undefined) continue;
    const first = seen.get(text);
    if (first === undefined) seen.set(text, index);
    else yield { path: pathOf(index), message: `must be unique; ${pathOf(first)} is "${text}" too` };
  }
}
