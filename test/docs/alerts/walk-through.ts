import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskSubmitted } from '../../../lib/domain/exports/message.ts';
import { type Block, blocksOf, pathsIn, sectionOf } from './document.ts';
import type { Reader } from './reader.ts';

/** A command that the reader ran, and what it printed. */
export type Step = { words: string; printed: string };

/** What came of the walk-through. */
export type Walked = {
  steps: Step[];
  /** What is on the queue in the end, the oldest first. */
  messages: TaskSubmitted[];
};

/** Does all that the first part of the document says, in its order. Rejects where a command fails. */
export async function walkThrough(reader: Reader): Promise<Walked> {
  const steps: Step[] = [];
  let emulator = '';
  for (const block of blocksOf(sectionOf(WALK))) {
    if (block.language === 'yaml') fillFiles(reader, emulator, block);
    else if (block.content.includes(' emulator ')) emulator = await reader.start(block.content, PRINTED_ALL);
    else steps.push(...(await runEach(reader, block)));
  }
  const queue = await reader.run('npm start -- queue --json --state rehearsal/state');
  const { messages } = JSON.parse(queue) as { messages: { message: TaskSubmitted }[] };
  return { steps, messages: messages.map(({ message }) => message) };
}

const WALK = 'From a finding to the records';

// The second of the credentials is the last that a reader needs.
const PRINTED_ALL = /access_key.*\}\}/;

/** Puts into the files that the text names what it says: the printed target, a printed credential and the rules. */
function fillFiles({ folder }: Reader, emulator: string, { content: rules, before }: Block): void {
  const target = /^ *targets:\n(?: +.*\n)+/m.exec(emulator)?.[0] ?? 'no target was printed';
  const credential = /^ *\{"demo".*$/m.exec(emulator)?.[0] ?? 'no credential was printed';
  const paths = pathsIn(before);
  const contents = [target, credential, rules];
  if (paths.length !== contents.length) throw new Error(`Not three files: ${paths.join(', ')}`);
  for (const [index, path] of paths.entries()) writeFileSync(join(folder, path), contents[index] ?? '');
}

/** One command after the other, so that each has its own output; a line that ends with a backslash goes on. */
async function runEach(reader: Reader, { content }: Block): Promise<Step[]> {
  const steps: Step[] = [];
  for (const words of content.split(/(?<!\\)\n/).filter((line) => line.trim() !== ''))
    steps.push({ words, printed: await reader.run(words) });
  return steps;
}
