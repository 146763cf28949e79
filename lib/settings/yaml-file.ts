import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument, type YAMLError } from 'yaml';
import { type Fault, InputError } from '../domain/errors.ts';

/**
 * Reads a YAML (or JSON) file that a person wrote. Throws one `InputError` that lists every fault by line and column;
 * `source` is what the file is called in it.
 */
export async function readYamlFile(path: string, source = path): Promise<unknown> {
  const text = await readText(path, source);
  const lineCounter = new LineCounter();
  const parsed = parseDocument(text, { lineCounter, prettyErrors: false });
  const faults = [...parsed.errors, ...parsed.warnings].map((error) => place(error, lineCounter));
  if (faults.length > 0) throw new InputError(`${source} is not right:`, faults);
  try {
    return parsed.toJS();
  } catch (error) {
    // An alias to nowhere, or so many that they look like an attack, shows only now.
    throw new InputError(`${source} is not right:`, [
      { path: '(the whole document)', problem: messageOf(error) },
    ]);
  }
}

async function readText(path: string, source: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new InputError(`${source} cannot be read:`, [{ path, problem: messageOf(error) }]);
  }
}

function place(error: YAMLError, lineCounter: LineCounter): Fault {
  const { line, col } = lineCounter.linePos(error.pos[0]);
  return { path: `line ${line}, column ${col}`, problem: error.message };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
