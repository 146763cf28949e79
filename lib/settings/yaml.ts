import { access } from 'node:fs/promises';
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import { InputError, type Issue } from '../domain/errors.ts';
import { codeOf, pathMessage } from '../domain/input/path-message.ts';
import { decodeUtf8 } from '../domain/input/utf8.ts';
import { readNamedFile } from './named-file.ts';

/** A document, and the line in the file of each part of it, by a path such as `targets[0].window.every`. */
export type YamlFile = { document: unknown; lineOf(path: string): number | undefined };

/**
 * Reads a YAML (or JSON) file that a person wrote. Throws one `InputError` that lists every issue by line and column.
 * `name` is what the error calls the file, such as `targets file infra/targets.yml`.
 */
export async function readYamlFile(path: string, name = `file ${path}`): Promise<YamlFile> {
  return parseYaml(await readBytes(path, name), name);
}

/** The same for the bytes of a document, wherever they were read. */
export function parseYaml(bytes: Uint8Array, name: string): YamlFile {
  const subject = `Invalid ${name}:`;
  const text = decodeUtf8(bytes, subject);
  const lineCounter = new LineCounter();
  const parsed = parseDocument(text, { lineCounter, prettyErrors: false });
  const place = (offset: number) => placeText(lineCounter.linePos(offset));
  const issues = [...syntaxIssues(parsed, place), ...mergeIssues(parsed, place)];
  if (issues.length > 0) throw new InputError(subject, issues);
  return {
    document: plainValue(parsed, subject),
    lineOf: (where) => {
      const node = nodeAt(parsed, where);
      return node?.range ? lineCounter.linePos(node.range[0]).line : undefined;
    },
  };
}

// A thousand targets with all their settings need 1 MB.
const MOST_MEGABYTES = 5;

async function readBytes(path: string, name: string): Promise<Uint8Array> {
  try {
    return await readNamedFile(path, { mostMegabytes: MOST_MEGABYTES, mayBePipe: true });
  } catch (error) {
    const fix = codeOf(error) === 'ENOENT' ? await copyExample(path) : undefined;
    const issue = { path, message: pathMessage(error), ...(fix ? { fix } : {}) };
    throw new InputError(`Cannot read ${name}:`, [issue]);
  }
}

async function copyExample(path: string): Promise<string | undefined> {
  const example = path.replace(/\.yml$/, '.example.yml');
  const isThere = await access(example).then(
    () => example !== path,
    () => false,
  );
  return isThere ? `copy ${example} to it and edit the copy` : undefined;
}

function placeText({ line, col }: { line: number; col: number }): string {
  return `line ${line}, column ${col}`;
}

function syntaxIssues({ errors, warnings }: Document, place: (offset: number) => string): Issue[] {
  return [...errors, ...warnings].map((error) => ({ path: place(error.pos[0]), ...syntaxIssue(error) }));
}

// The parser's own message about a second document names one of its functions.
function syntaxIssue({ code, message }: YAMLError): Pick<Issue, 'message' | 'fix'> {
  if (code !== 'MULTIPLE_DOCS') return { message };
  return { message: 'begins a second document', fix: 'write one document, without "---"' };
}

// As a plain key, a merge would be "not known", and the keys that it should bring would be missing.
function mergeIssues(parsed: Document, place: (offset: number) => string): Issue[] {
  const issues: Issue[] = [];
  visit(parsed, {
    Pair(_, { key }) {
      if (!isScalar(key) || key.value !== '<<' || key.type !== 'PLAIN' || !key.range) return;
      const message = '"<<" merges nothing here';
      issues.push({ path: place(key.range[0]), message, fix: 'write the keys out in each mapping' });
    },
  });
  return issues;
}

function plainValue(parsed: Document, subject: string): unknown {
  try {
    return parsed.toJS();
  } catch (error) {
    // Only this step finds an alias without an anchor, or so many aliases that they look like an attack.
    throw new InputError(subject, [{ path: '(the whole document)', message: messageOf(error) }]);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The node at a path such as `targets[0].window["a key"]`: a key of a mapping, or an element of a list. Where the
 * document has no such node: the nearest one that should contain it.
 */
function nodeAt(parsed: Document, path: string): Node | undefined {
  let place: Node | undefined;
  let inside = resolved(parsed.contents, parsed);
  for (const step of stepsOf(path)) {
    const next = inside && stepInto(inside, step);
    if (!next) break;
    place = next.place ?? place;
    inside = resolved(next.inside, parsed);
  }
  return place;
}

type Step = { place: Node | undefined; inside: unknown };

const STEP = /\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g;

function stepsOf(path: string): string[] {
  return [...path.matchAll(STEP)].map(([, quoted, index, plain]) =>
    quoted === undefined ? (index ?? plain ?? '') : quoted.replaceAll(/\\(.)/g, '$1'),
  );
}

function stepInto(node: Node, step: string): Step | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? undefined : { place: asNode(item), inside: item };
  }
  const pair = isMap(node) ? node.items.find((one) => keyOf(one) === step) : undefined;
  return pair && { place: asNode(pair.key), inside: pair.value };
}

function keyOf({ key }: Pair): string {
  return String(isScalar(key) ? key.value : key);
}

function resolved(value: unknown, parsed: Document): Node | undefined {
  const node = asNode(value);
  return isAlias(node) ? node.resolve(parsed) : node;
}

function asNode(value: unknown): Node | undefined {
  return isAlias(value) || isMap(value) || isSeq(value) || isScalar(value) ? value : undefined;
}
