import { describe, expect, it } from 'vitest';
import { oneLine, visible, visibleJson } from '../../lib/domain/visible-text.ts';
import { STEERING } from '../support/command/control-characters.ts';

describe('what steers a terminal or a viewer of logs', () => {
  it.each(STEERING)('U+%s is never shown as it is', (_, character) => {
    for (const shown of [oneLine, visible]) expect(shown(`a${character}b`)).not.toContain(character);
    const json = visibleJson(JSON.stringify({ text: `a${character}b` }));
    expect(json).not.toContain(character);
    expect(JSON.parse(json)).toEqual({ text: `a${character}b` });
  });

  it('is shown as a JSON text would write it, white space as a space', () => {
    expect(oneLine('a\u001b[2J\u202eb\u009bc\u007f')).toBe('a\\u001b[2J\\u202eb\\u009bc\\u007f');
    expect(oneLine('a\tb\r\nc\nd')).toBe('a b c d');
    expect(visible('a\tb\r\nc\rd')).toBe('a b\nc d');
  });

  it('is not what people write: letters of all scripts, signs, joined emoji', () => {
    const text = '北京 Zürich עברית العربية हिन्दी 🧑‍💻 ñ — “”';
    expect([oneLine(text), visible(text), visibleJson(text)]).toEqual([text, text, text]);
  });
});
