import * as z from 'zod/mini';

/** A schema for text that `parse` turns into a value; other text is an issue that says what is `expected`. */
export function parsedString<Value>(parse: (text: string) => Value | undefined, expected: string) {
  return z.pipe(
    z.string(expected),
    z.transform((text: string, context) => {
      const value = parse(text);
      if (value !== undefined) return value;
      context.issues.push({ code: 'custom', input: text, message: expected });
      return z.NEVER;
    }),
  );
}
