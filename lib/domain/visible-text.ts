/**
 * What steers a terminal or a viewer of logs instead of being shown there: C0, DEL and C1, the marks, embeddings,
 * overrides and isolates of writing direction, the line and paragraph separator, the byte order mark, and half of a
 * surrogate pair. `text` of others never reaches people with one of them in it.
 */
const STEERING = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** Text as people may see it, on one line: white space is a space, all else that steers is shown as `\u202e`. */
export function oneLine(text: string): string {
  return text.replaceAll(BLANK, ' ').replaceAll(STEERING, escaped);
}

/** The same, in the lines that the text has. */
export function visible(text: string): string {
  return text.split(/\r?\n/).map(oneLine).join('\n');
}

/** JSON with the same data in it, in which nothing steers that JSON itself would let through. */
export function visibleJson(json: string): string {
  return json.replaceAll(STEERING, (character) => (character === '\n' ? '\n' : escaped(character)));
}

const BLANK = /[\t-\r]+/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
