import type { Issue } from './errors.ts';

/** An issue for each text of a list that has stood there before. `pathOf` says where an element stands. */
export function* repeated(
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
