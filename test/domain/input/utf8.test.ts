import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../lib/domain/errors.ts';
import { decodeUtf8 } from '../../../lib/domain/input/utf8.ts';

const SUBJECT = 'Invalid targets file targets.yml:';

function issuesOf(bytes: Uint8Array) {
  try {
    decodeUtf8(bytes, SUBJECT);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message).toContain(SUBJECT);
    return error.issues;
  }
  throw new Error('It was accepted.');
}

const utf16 = (text: string, order: 'little' | 'big') => {
  const bytes = Buffer.from(text, 'utf16le');
  return order === 'little' ? bytes : bytes.swap16();
};

describe('the text of a file', () => {
  it('is what was written, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (written) => {
        const text = written.replaceAll('\0', '').replace(/^\ufeff+/, '');
        expect(decodeUtf8(Buffer.from(text), SUBJECT)).toBe(text);
      }),
    );
  });

  it('comes without the byte order mark that some editors write', () => {
    expect(decodeUtf8(Buffer.from('\ufefftargets: []'), SUBJECT)).toBe('targets: []');
  });

  it('may hold U+FFFD itself', () => {
    expect(decodeUtf8(Buffer.from('a: \ufffd'), SUBJECT)).toBe('a: \ufffd');
  });

  it.each([
    ['Latin-1', Buffer.from('targets:\n  - id: a\n    user_name: Jürgen\n', 'latin1'), 'line 3, column 17'],
    ['GBK', Buffer.from([0x61, 0x3a, 0x20, 0xd5, 0xc5, 0xc8, 0xfd]), 'line 1, column 4'],
    ['Latin-1 after UTF-8', Buffer.concat([Buffer.from('ü\nöx'), Buffer.from([0xfc])]), 'line 2, column 3'],
    ['half of a surrogate pair', Buffer.from([0x0a, 0xed, 0xa0, 0x80]), 'line 2, column 1'],
    ['a longer form than is allowed', Buffer.from([0xc0, 0xaf]), 'line 1, column 1'],
    ['what was cut off', Buffer.from('a\nü').subarray(0, 3), 'line 2, column 1'],
  ])('in %s is refused with the place of the first wrong byte', (_, bytes, path) => {
    expect(issuesOf(bytes)).toEqual([{ path, message: 'is not UTF-8', fix: 'save the file as UTF-8' }]);
  });

  it.each(['little', 'big'] as const)('in UTF-16 is named as that, with a mark and without: %s', (order) => {
    expect(issuesOf(utf16('\ufefftargets:\n  - id: a\n', order))).toEqual([
      { path: '(the whole document)', message: 'is UTF-16', fix: 'save the file as UTF-8' },
    ]);
    expect(issuesOf(utf16('targets:\n  - id: a\n', order))).toEqual([
      {
        path: expect.stringMatching(/^line 1, column [12]$/),
        message: 'holds a NUL byte, as files in UTF-16 do',
        fix: 'save the file as UTF-8',
      },
    ]);
  });

  it('is refused for every change of its bytes that is no UTF-8, and for no other', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 12 }), (bytes) => {
        const again = Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
        const isRight = again.equals(bytes) && !bytes.includes(0);
        if (isRight) decodeUtf8(bytes, SUBJECT);
        else expect(issuesOf(bytes)).toHaveLength(1);
      }),
    );
  });
});
