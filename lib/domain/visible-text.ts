/**
 * Characters that control a terminal or a log viewer instead of being shown: C0, DEL and C1, the marks, embeddings,
 * overrides and isolates of writing direction, the line and paragraph separators, the byte order mark, and half of a
 * surrogate pair. Text of others is never shown with one of them.
 */
const CONTROLLING = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * Text that is safe to show, on one line: white space becomes a space, other control characters an escape such as
 * `\u202e`.
 */
export function oneLine(text: string): string {
  return text.replaceAll(BLANK, ' ').replaceAll(CONTROLLING, escaped);
}

/** The same, with the line breaks of the text. */
export function visible(text: string): string {
  return text.split(/\r?\n/).map(oneLine).join('\n');
}

/** JSON of the same data, in which the control characters are escaped that JSON allows. */
export function visibleJson(json: string): string {
  return json.replaceAll(CONTROLLING, (character) => (character === '\n' ? '\n' : escaped(character)));
}

const BLANK = /[\t-\r]+/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
