import { expect, it } from 'vitest';
import { runBuilt, runUnbuilt } from './built-code.ts';

it('gives named, default, namespace and late imports what Node gives', async () => {
  const source = `
    import { createHash } from 'node:crypto';
    import { once, EventEmitter } from 'node:events';
    import Emitter from 'node:events';
    import path, { join } from 'node:path';
    import * as url from 'node:url';
    import util from 'util';
    export const handler = async () => {
      const emitter = new Emitter();
      const { Agent, default: http } = await import('node:http');
      queueMicrotask(() => emitter.emit('done', 7));
      return [
        createHash('sha256').update('').digest('hex').slice(0, 8),
        await once(emitter, 'done'),
        Emitter === EventEmitter && new EventEmitter() instanceof Emitter,
        path.join('a', 'b') === join('a', 'b'),
        url.fileURLToPath('file:///a'),
        util.format('%s', 1),
        new Agent() instanceof http.Agent,
      ];
    };`;
  const built = await runBuilt(source);
  expect(built).toEqual(['e3b0c442', [7], true, true, '/a', '1', true]);
  expect(await runUnbuilt(source)).toEqual(built);
});

it('loads a builtin with the module that needs it, not at the start', async () => {
  const source = `
    export const handler = async () => {
      const before = isLoaded('tls');
      const { Agent } = await import('undici');
      return { atStart: loadedAtStart, before, after: isLoaded('tls'), loaded: typeof Agent };
    };`;
  expect(await runBuilt(source)).toEqual({ atStart: [], before: false, after: true, loaded: 'function' });
});
