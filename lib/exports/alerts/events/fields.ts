/**
 * Every value at a path such as `resource.tags[].value` of a document of unknown shape; `[]` goes through a list. Missing
 * and misshapen parts are skipped.
 */
export function valuesAt(document: unknown, path: string): unknown[] {
  return path.split('.').reduce<unknown[]>(
    (found, step) => {
      const key = step.replace('[]', '');
      const inner = found.flatMap((value) => ownValue(value, key));
      return step.endsWith('[]') ? inner.flatMap(elements) : inner;
    },
    [document],
  );
}

/** The objects at a path whose value at `key` is one of `accepted`. */
export function objectsWith(
  document: unknown,
  path: string,
  { key, accepted }: { key: string; accepted: readonly unknown[] },
): unknown[] {
  return valuesAt(document, path).filter((object) => accepted.includes(valuesAt(object, key)[0]));
}

/** Whether the first value at a path is text that matches a form. */
export function isTextAt(document: unknown, path: string, form: RegExp): boolean {
  const [value] = valuesAt(document, path);
  return typeof value === 'string' && form.test(value);
}

function ownValue(value: unknown, key: string): unknown[] {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return [];
  return [Reflect.get(value, key)];
}

function elements(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
