import { PassThrough } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { createScreen } from '../../lib/cli/screen.ts';

it('text has no colour where the stream is no terminal', () => {
  vi.stubEnv('FORCE_COLOR', undefined);
  const screen = createScreen({ stdout: new PassThrough(), stderr: new PassThrough() }, { json: false });
  expect(screen.paint('red', 'text')).toBe('text');
});
