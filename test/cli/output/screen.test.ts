import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { createScreen } from '../../../lib/cli/output/screen.ts';
import { STEERING } from '../../support/command/control-characters.ts';
import { fakeTerminal } from '../../support/command/terminal.ts';

const HOSTILE = STEERING.map(([, character]) => character);

function onTerminal({ json = false } = {}) {
  vi.stubEnv('NO_COLOR', undefined);
  vi.stubEnv('FORCE_COLOR', '1');
  const [out, err] = [fakeTerminal(), fakeTerminal()];
  const screen = createScreen({ stdout: out.stream, stderr: err.stream }, { json });
  return { screen, out: out.written, err: err.written };
}

it('text has no colour where the stream is no terminal', () => {
  vi.stubEnv('FORCE_COLOR', undefined);
  const screen = createScreen({ stdout: new PassThrough(), stderr: new PassThrough() }, { json: false });
  expect(screen.paint('red', 'text')).toBe('text');
});

describe('what steers a terminal', () => {
  it('comes from paint alone, around any text, also where paint is in paint', () => {
    const { screen, out } = onTerminal();
    screen.print(`${screen.paint('red', 'a\u001b[2Jb')} c\u001b]0;title\u0007`);
    screen.print(screen.paint('bold', `d ${screen.paint('red', 'e')}`));
    expect(out()).toBe(
      [
        '\u001b[31ma\\u001b[2Jb\u001b[39m c\\u001b]0;title\\u0007',
        '\u001b[1md \u001b[31me\u001b[39m\u001b[22m',
        '',
      ].join('\n'),
    );
  });

  it('is never in a line, nor in an error, nor in the document of --json', () => {
    const { screen, out, err } = onTerminal({ json: true });
    const text = `<${HOSTILE.join('-')}>`;
    screen.print(text);
    screen.fail(text, { error: text });
    const written = (out() + err()).replaceAll('\u001b[31merror\u001b[39m', '');
    expect(HOSTILE.filter((character) => written.includes(character))).toEqual([]);
    expect(JSON.parse(out())).toEqual({ error: text });
  });

  it('is not in a message that is shown in full, which stays JSON with the same data', () => {
    const { screen, out } = onTerminal();
    const document = { task_id: '\u202e\u009b\u001b' };
    screen.print(JSON.stringify(document, null, 2));
    expect(out()).toContain('"\\u202e\\u009b\\u001b"');
    expect(JSON.parse(out())).toEqual(document);
  });
});

describe('an error', () => {
  const text = `Invalid targets file infra/targets.yml:\n  targets[0].id (line 2): ${'must be right '.repeat(5).trim()}`;

  it('is broken between words on a terminal, the rest of a line behind its own indent', () => {
    const { stream, shown } = fakeTerminal(80);
    createScreen({ stdout: new PassThrough(), stderr: stream }, { json: false }).fail(text, {});
    expect(shown().map(stripVTControlCharacters)).toEqual([
      'error Invalid targets file infra/targets.yml:',
      '  targets[0].id (line 2): must be right must be right must be right must be',
      '    right must be right',
      '',
    ]);
  });

  it('keeps its lines in a file, for those who search it', () => {
    const stderr = new PassThrough();
    createScreen({ stdout: new PassThrough(), stderr }, { json: false }).fail(text, {});
    expect(String(stderr.read())).toBe(`error ${text}\n`);
  });
});
