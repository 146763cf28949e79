/**
 * A character at the start or end of a text that was probably not intended, such as `ends with a line break`; undefined when
 * there is none. The answer has no other character of the text, so it may be shown for a secret.
 */
export function strayEnd(text: string): string | undefined {
  const [first, last] = [EDGE_BEFORE.exec(text)?.[0], EDGE_AFTER.exec(text)?.[0]];
  if (first !== undefined) return `begins with ${nameOf(first)}`;
  return last === undefined ? undefined : `ends with ${nameOf(last)}`;
}

/** What is wrong with a text, and how to fix that. */
export type Stray = { message: string; fix: string };

/** A sign that a text was damaged by a wrong conversion; undefined when there is none. Safe for secrets, too. */
export function damage(text: string): Stray | undefined {
  if (!text.isWellFormed())
    return { message: 'holds half of a character (a lone surrogate)', fix: 'write it again' };
  return text.includes('\ufffd')
    ? {
        message: 'holds U+FFFD, which a wrong conversion leaves where it lost a character',
        fix: 'write it again',
      }
    : undefined;
}

/** What is wrong with one line of text: a stray character at an end, a control character inside, or damage. */
export function strayIn(text: string): Stray | undefined {
  const control = CONTROL.exec(text)?.[0];
  const stray = strayEnd(text) ?? (control === undefined ? undefined : `holds ${nameOf(control)}`);
  return stray === undefined ? damage(text) : { message: stray, fix: 'remove it' };
}

/** Text without stray characters at its ends. */
export function withoutStrayEnds(text: string): string {
  return text.replace(/^[\s\p{Cc}\p{Cf}]+|[\s\p{Cc}\p{Cf}]+$/gu, '');
}

// White space and characters without width: the general categories control (Cc) and format (Cf).
const EDGE_BEFORE = /^[\s\p{Cc}\p{Cf}]/u;
const EDGE_AFTER = /[\s\p{Cc}\p{Cf}]$/u;
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

const NAMES: [RegExp, string][] = [
  [/^ /, 'a space'],
  [/^\t/, 'a tab'],
  [/^[\n\r\u0085\u2028\u2029]/, 'a line break'],
  [/^[\u00a0\u202f]/, 'a no-break space'],
  [/^[\u200b-\u200d\u2060\ufeff]/, 'a character without width'],
];

function nameOf(character: string): string {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const name = NAMES.find(([form]) => form.test(character))?.[1];
  return name === undefined ? `the character ${code}` : `${name} (${code})`;
}
