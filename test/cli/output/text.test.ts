import { describe, expect, it } from 'vitest';
import { fitted, hanging, wrapped } from '../../../lib/cli/output/text.ts';

describe('a line on a terminal of 80 columns', () => {
  const terminal = { terminal: { columns: () => 80 } };
  const line = `acme-prod  ${'word '.repeat(13)}`;

  it('is as it was where it fits, with what aligns it', () => {
    const fits = `${line}xxxx`;
    expect([fits.length, fitted(terminal, fits)]).toEqual([80, fits]);
  });

  it('fits also where only what aligns it is too much', () => {
    const [first = '', ...rest] = fitted(terminal, `${line}xxxxx`).split('\n');
    expect([first.length <= 80, rest]).toEqual([true, []]);
  });

  it('is broken between words where it does not fit', () => {
    const lines = fitted(terminal, `${line}a-longer-word`, '    ').split('\n');
    expect(lines.map((one) => one.length <= 80)).toEqual([true, true]);
    expect(lines.at(-1)).toBe('    a-longer-word');
  });
});

describe('wrapped text', () => {
  it('breaks between words before column 80, and keeps its own line breaks', () => {
    const lines = wrapped(`${'word '.repeat(30)}\nnext`, '    ').split('\n');
    expect(lines.map((line) => line.length)).toEqual([78, 78, 4 + 4]);
    expect(lines.at(-1)).toBe('    next');
  });

  it('cuts a word that is longer than a line', () => {
    expect(wrapped('x'.repeat(81)).split('\n')).toEqual(['x'.repeat(80), 'x']);
  });

  it('gives characters of Chinese two columns', () => {
    expect(wrapped('磁'.repeat(41)).split('\n')).toEqual(['磁'.repeat(40), '磁']);
  });

  it.each([
    ['a letter with its mark', 'e\u0301', 80],
    ['an emoji', '\u{1f512}', 40],
    ['an emoji of several characters', '\u{1f468}\u200d\u{1f4bb}', 40],
    ['a wide full stop', '\uff0e', 40],
  ])('gives %s the columns that a terminal gives it, and does not cut it', (_, letter, fitting) => {
    expect(wrapped(letter.repeat(fitting + 1)).split('\n')).toEqual([letter.repeat(fitting), letter]);
  });

  it('of an entry hangs below its first line', () => {
    expect(hanging('word '.repeat(18), '  ').split('\n')).toEqual([
      `  ${'word '.repeat(14)}word`,
      '    word word word',
    ]);
  });

  it('lets no control character through to the terminal', () => {
    expect(wrapped('red \u001b[31m and \u0007bell')).toBe('red \\u001b[31m and \\u0007bell');
  });
});
