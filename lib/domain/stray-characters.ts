/**
 * What stands at an end of a text and nobody means, such as `ends with a line break`; undefined when nothing does. No
 * other character of the text is in the answer, so it may be said of a secret.
 */
export function strayEnd(text: string): string | undefined {
  const [first, last] = [EDGE_BEFORE.exec(text)?.[0], EDGE_AFTER.exec(text)?.[0]];
  if (first !== undefined) return `begins with ${nameOf(first)}`;
  return last === undefined ? undefined : `ends with ${nameOf(last)}`;
}

/** What is wrong with a text, and how to fix that. */
export type Stray = { message: string; fix: string };

/** What of a text shows that it was damaged on its way; on the same terms. No encoding has a form for half a character. */
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

/** What is wrong with one line of text: something stray at an end, a control character inside, damage. */
export function strayIn(text: string): Stray | undefined {
  const control = CONTROL.exec(text)?.[0];
  const stray = strayEnd(text) ?? (control === undefined ? undefined : `holds ${nameOf(control)}`);
  return stray === undefined ? damage(text) : { message: stray, fix: 'remove it' };
}

/** Text without what stands at its ends and nobody means. */
export function withoutStrayEnds(text: string): string {
  return text.replace(/^[\s\p{Cc}\p{Cf}]+|[\s\p{Cc}\p{Cf}]+$/gu, '');
}

// White space, and what has no width: of the general categories, control (Cc) and format (Cf).
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
