import { describe, expect, it } from 'vitest';
import { damage, strayEnd, strayIn, withoutStrayEnds } from '../../lib/domain/stray-characters.ts';

describe('what stands at an end of a text', () => {
  it.each([
    [' a', 'begins with a space (U+0020)'],
    ['a ', 'ends with a space (U+0020)'],
    ['a\n', 'ends with a line break (U+000A)'],
    ['a\r\n', 'ends with a line break (U+000A)'],
    ['a\r', 'ends with a line break (U+000D)'],
    ['\u2028a', 'begins with a line break (U+2028)'],
    ['a\t', 'ends with a tab (U+0009)'],
    ['a\u00a0', 'ends with a no-break space (U+00A0)'],
    ['\u200ba', 'begins with a character without width (U+200B)'],
    ['a\ufeff', 'ends with a character without width (U+FEFF)'],
    ['a\u3000', 'ends with the character U+3000'],
    ['a\u0000', 'ends with the character U+0000'],
    ['\u202ea', 'begins with the character U+202E'],
    ['a b', undefined],
    ['', undefined],
    ['张伟', undefined],
  ])('of %j is named', (text, said) => {
    expect(strayEnd(text)).toBe(said);
    if (said === undefined) expect(withoutStrayEnds(text)).toBe(text);
    else expect(strayEnd(withoutStrayEnds(text))).toBeUndefined();
  });
});

describe('a line', () => {
  it.each([
    ['a\nb', { message: 'holds a line break (U+000A)', fix: 'remove it' }],
    ['a\u007fb', { message: 'holds the character U+007F', fix: 'remove it' }],
    ['a\ud800b', { message: 'holds half of a character (a lone surrogate)', fix: 'write it again' }],
    ['\udc00', { message: 'holds half of a character (a lone surrogate)', fix: 'write it again' }],
    ['a\ufffdb', { message: expect.stringContaining('U+FFFD'), fix: 'write it again' }],
    ['a😀b', undefined],
    // A joiner inside a word belongs to it.
    ['می\u200cخواهم', undefined],
  ])('such as %j is looked through', (text, said) => {
    expect(strayIn(text)).toEqual(said);
  });

  it('that is damaged is distinguished from one that has a control character', () => {
    expect([damage('a\tb'), damage('\ud83d')?.message]).toEqual([undefined, expect.stringContaining('half')]);
  });
});
