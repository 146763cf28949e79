import { InputError, type Issue } from '../domain/errors.ts';
import type { YamlFile } from './yaml.ts';

/**
 * Does the work on a file's document. Each issue that the work throws gets its line and the id of its entry. The issues
 * come in the order of the file.
 */
export function placed<Result>(file: YamlFile, work: (document: unknown) => Result): Result {
  try {
    return work(file.document);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const issues = error.issues.map((issue) => placeOf(issue, file));
    throw error.withIssues(issues.sort(({ line: a = 0 }, { line: b = 0 }) => a - b));
  }
}

function placeOf(issue: Issue, { document, lineOf }: YamlFile): Issue {
  const [line, id] = [lineOf(issue.path), idAt(issue.path, document)];
  return { ...issue, ...(line === undefined ? {} : { line }), ...(id === undefined ? {} : { id }) };
}

// An entry of a list at the top, such as targets[3]. An invalid id is not shown.
const ENTRY = /^(\w+)\[(\d+)\]/;
const ID = /^[a-z0-9][a-z0-9-]{0,62}$/;

function idAt(path: string, document: unknown): string | undefined {
  const [, list = '', index = ''] = ENTRY.exec(path) ?? [];
  const id = valueAt(valueAt(valueAt(document, list), index), 'id');
  return typeof id === 'string' && ID.test(id) ? id : undefined;
}

function valueAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
}
