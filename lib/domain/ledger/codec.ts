import * as z from 'zod/mini';

/**
 * Objects that are stored with keys in snake_case and are ours in camelCase: `target_id` is `targetId`, and what `names`
 * says. Of both, what is undefined is absent. The schema describes what is stored, so issues have the stored names.
 */
export function camelCased<
  Stored extends z.core.$ZodType<object, object>,
  const Names extends Record<string, string> = Record<never, never>,
>(stored: Stored, names?: Names) {
  type Ours = CamelKeys<z.core.output<Stored>, Names>;
  const ours: Record<string, string> = names ?? {};
  const theirs = Object.fromEntries(Object.entries(ours).map(([theirs, ours]) => [ours, theirs]));
  return z.codec(stored, z.custom<Ours>(), {
    decode: (value) => renamed(value, (key) => ours[key] ?? camelCase(key)) as Ours,
    encode: (value) =>
      renamed(value as object, (key) => theirs[key] ?? snakeCase(key)) as z.core.input<Stored> &
        z.core.output<Stored>,
  });
}

type CamelKeys<Stored, Names> = Stored extends unknown
  ? { [Key in keyof Stored as Key extends keyof Names ? Names[Key] & string : CamelCase<Key>]: Stored[Key] }
  : never;

type CamelCase<Key> = Key extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Key;

/**
 * How a kind of row is kept as a JSON document, the same in both ledgers. Each document carries the number of its
 * shape. A release that changes a shape writes the next number and goes on reading those before; rows of each number are
 * kept under `test/fixtures/ledger`.
 */
export function rowCodec<Ours>(schema: z.core.$ZodType<Ours>) {
  /** Throws a `$ZodError` of zod, or a `SyntaxError`, for what `toJson` has not written. */
  const fromJson = (json: string): Ours => {
    const document: unknown = JSON.parse(json);
    z.parse(ofKnownShape, document);
    return z.decode(schema, document as never);
  };
  /** Throws for a row that could not be read again. */
  const toJson = (row: Ours): string => {
    const json = JSON.stringify({ schema: 1, ...Object(z.encode(schema, row)) });
    fromJson(json);
    return json;
  };
  return { toJson, fromJson };
}

const ofKnownShape = z.object({
  schema: z.literal(1, 'is not 1: a newer release wrote the row, which this one cannot read'),
});

function renamed(value: object, rename: (key: string) => string): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  // Listings have thousands of these.
  for (const [key, each] of Object.entries(value)) if (each !== undefined) result[rename(key)] = each;
  return result;
}

const camelCase = remembered((key) =>
  key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
);
const snakeCase = remembered((key) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));

function remembered(work: (key: string) => string): (key: string) => string {
  const known = new Map<string, string>();
  return (key) => {
    const found = known.get(key) ?? work(key);
    known.set(key, found);
    return found;
  };
}
