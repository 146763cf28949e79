import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readStandardInput } from '../../../lib/cli/context/alert-input.ts';
import { createScreen } from '../../../lib/cli/output/screen.ts';

const never = new AbortController().signal;

function read(stream: Readable | undefined, signal = never, json = false) {
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  const screen = createScreen(streams, { json });
  const stdin = stream === undefined ? {} : { stdin: () => stream };
  const bytes = readStandardInput({ screen, signal, wanted: 'the event', ...stdin });
  return { bytes, shown: () => [streams.stdout, streams.stderr].map((one) => String(one.read() ?? '')) };
}

const terminal = (text: string) => Object.assign(Readable.from([Buffer.from(text)]), { isTTY: true });

describe('standard input', () => {
  it('is read to its end, in whatever pieces it comes, and nothing is said of it', async () => {
    const { bytes, shown } = read(Readable.from(['{"a', '": 1}'].map((text) => Buffer.from(text))));
    expect(Buffer.from(await bytes).toString()).toBe('{"a": 1}');
    expect(shown()).toEqual(['', '']);
  });

  it('of a terminal says what it waits for, beside a document of --json', async () => {
    const line = 'Type or paste the event, then Ctrl-D on a line of its own.\n';
    const human = read(terminal('{}'));
    await human.bytes;
    expect(human.shown()).toEqual([line, '']);
    const machine = read(terminal('{}'), never, true);
    await machine.bytes;
    expect(machine.shown()).toEqual(['', line]);
  });

  it('that is not available is refused', async () => {
    await expect(read(undefined).bytes).rejects.toThrow(
      'is not available; give the event on it, or name a file',
    );
  });

  it('that never ends is left when the command is stopped', async () => {
    const stop = new AbortController();
    const { bytes } = read(new PassThrough(), stop.signal);
    stop.abort();
    await expect(bytes).rejects.toMatchObject({ kind: 'interrupted' });
  });
});
