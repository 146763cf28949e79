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

/** A document, and the line of the file on which a part of it stands, by a path such as `targets[0].window.every`. */
export type YamlFile = { document: unknown; lineOf(path: string): number | undefined };

/**
 * Reads a YAML (or JSON) file that a person wrote. Throws one `InputError` that lists every issue by line and column;
 * `source` is what the file is called in it.
 */
export async function readYamlFile(path: string, source = path): Promise<YamlFile> {
  return parseYaml(await readBytes(path, source), source);
}

/** The same of bytes that are there already. */
export function parseYaml(bytes: Uint8Array, source: string): YamlFile {
  const subject = `${source} is not right:`;
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

// A thousand targets with all their settings have one.
const MOST_MEGABYTES = 5;

async function readBytes(path: string, source: string): Promise<Uint8Array> {
  try {
    return await readNamedFile(path, { mostMegabytes: MOST_MEGABYTES, mayBePipe: true });
  } catch (error) {
    const fix = codeOf(error) === 'ENOENT' ? await copyExample(path) : undefined;
    const issue = { path, message: pathMessage(error), ...(fix ? { fix } : {}) };
    throw new InputError(`${source} cannot be read:`, [issue]);
  }
}

async function copyExample(path: string): Promise<string | undefined> {
  const example = path.replace(/\.yml$/, '.example.yml');
  const isThere = await access(example).then(
    () => example !== path,
    () => false,
  );
  return isThere ? `Copy ${example} to it and edit the copy` : undefined;
}

function placeText({ line, col }: { line: number; col: number }): string {
  return `line ${line}, column ${col}`;
}

function syntaxIssues({ errors, warnings }: Document, place: (offset: number) => string): Issue[] {
  return [...errors, ...warnings].map((error) => ({ path: place(error.pos[0]), message: wordsOf(error) }));
}

// The parser's own words name a function of its.
function wordsOf({ code, message }: YAMLError): string {
  return code === 'MULTIPLE_DOCS' ? 'begins a second document; write one alone, without "---"' : message;
}

// Read as a plain key they would be "not known", and what they were to bring would be missing.
function mergeIssues(parsed: Document, place: (offset: number) => string): Issue[] {
  const issues: Issue[] = [];
  visit(parsed, {
    Pair(_, { key }) {
      if (!isScalar(key) || key.value !== '<<' || key.type !== 'PLAIN' || !key.range) return;
      const message = '"<<" merges nothing here; write the keys out in each mapping';
      issues.push({ path: place(key.range[0]), message });
    },
  });
  return issues;
}

function plainValue(parsed: Document, subject: string): unknown {
  try {
    return parsed.toJS();
  } catch (error) {
    // An alias to nowhere, or so many that they look like an attack, shows only now.
    throw new InputError(subject, [{ path: '(the whole document)', message: messageOf(error) }]);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * What stands at a path such as `targets[0].window["a key"]`: a key of a mapping, or an element of a list. Where
 * something is missing, what it is missing in.
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
