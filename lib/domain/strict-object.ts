import { closest, distance } from 'fastest-levenshtein';
import * as z from 'zod/mini';
import { strayEnd, withoutStrayEnds } from './stray-characters.ts';

/** An object that a person writes: a key it does not know is an issue, with the key that was probably meant. */
export function strictObject<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    // One line a key, in the order of `issue.keys`: issues.ts makes an issue of each.
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => unknown(key, known, Object(issue.input))).join('\n')
        : undefined,
  });
}

/** The key that was meant instead of an unknown one, read from what is said of that: it is not missing as well. */
export function meantKey(message: string): string | undefined {
  return /did you mean "([^"]+)"\?$/.exec(message)?.[1];
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

function unknown(key: string, known: readonly string[], written: object): string {
  const stray = strayEnd(key);
  const advice = suggestion(withoutStrayEnds(key), known);
  const meant = meantKey(advice);
  const isThere = meant !== undefined && !['', null, undefined].includes(Reflect.get(written, meant));
  const said = isThere ? advice.replace(/\?$/, ', which is there as well?') : advice;
  return ['is not known here', ...(stray ? [`it ${stray}`] : []), said].join('; ');
}
