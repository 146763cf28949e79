import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { InfrastructureError } from '../../../../lib/domain/errors.ts';
import { alertingTarget } from '../../../support/alerts/alerting-target.ts';
import { temporaryFolder } from '../../../support/vitest/temporary-folder.ts';

const SEEN = { from: '08:00', to: '09:00', lastSeen: '08:45', filters: { public_ip: '198.51.100.7' } };
const FIRST = 'alert/00000001';

/** A target with a sweep behind it, whose ledger is a file that may be damaged. */
async function damagedTarget() {
  const file = join(temporaryFolder(), 'ledger.sqlite');
  const target = await alertingTarget({}, {}, '2026-11-22T10:00:00Z', file);
  await target.sweep();
  const database = new DatabaseSync(file);
  return {
    ...target,
    /** Cuts the document of an export short, or makes its state one that there is not. */
    damage: (column: 'document' | 'state', value: string) => {
      database.prepare(`UPDATE windows SET ${column} = ? WHERE "window" = ?`).run(value, FIRST);
      database.close();
    },
    reported: () =>
      target.events.flatMap((event) => (event.type === 'row_unreadable' ? [event.message] : [])),
  };
}

const TWICE = ['08:00/09:00 198.51.100.7', '08:00/09:00 198.51.100.7'];

it('a published export whose document nobody can read is reported and ordered again, and the request ends', async () => {
  const { serve, sweep, pass, damage, reported, published, open } = await damagedTarget();
  await serve(SEEN);
  damage('document', '{');
  for (let quarters = 0; quarters < 3; quarters += 1) {
    pass({ minutes: 15 });
    await sweep();
  }
  expect(reported()[0]).toMatch('2026-11-22T08:00:00Z/2026-11-22T09:00:00Z: ');
  expect(await published()).toEqual(TWICE);
  expect(await open()).toEqual([]);
});

it('an export whose message was kept and cannot be read is reported and ordered again, and the request ends', async () => {
  const { serve, sweep, pass, damage, reported, published, open, ports } = await damagedTarget();
  const { queue } = ports;
  ports.queue = { publish: () => Promise.reject(new InfrastructureError('The queue is down.')) };
  await serve(SEEN);
  ports.queue = queue;
  damage('document', '{');
  for (let quarters = 0; quarters < 3; quarters += 1) {
    pass({ minutes: 15 });
    await sweep();
  }
  expect(reported()[0]).toMatch('2026-11-22T08:00:00Z/2026-11-22T09:00:00Z: ');
  expect(await published()).toEqual(TWICE.slice(1));
  expect(await open()).toEqual([]);
});

it('an export of a run that died, whose document cannot be read, is reported', async () => {
  const { serve, sweep, pass, damage, reported, published, ports } = await damagedTarget();
  const { api } = ports;
  // As under kill -9: nothing after the call is done.
  ports.api = { ...api, submit: () => new Promise(() => undefined) };
  void serve(SEEN);
  await expect.poll(async () => (await ports.ledger.listOpen('acme')).windows.length).toBe(2);
  ports.api = api;
  damage('document', '{');
  pass({ minutes: 15 });
  await sweep();
  expect(reported()).toEqual([expect.stringContaining('2026-11-22T08:00:00Z/2026-11-22T09:00:00Z: ')]);
  expect(await published()).toEqual(TWICE.slice(1));
});

it('an export of which only the state cannot be read is rewritten from its document, and reported', async () => {
  const { serve, sweep, pass, damage, reported, published, open } = await damagedTarget();
  await serve(SEEN);
  damage('state', 'enounced');
  pass({ minutes: 15 });
  await sweep();
  pass({ minutes: 15 });
  await sweep();
  expect([...new Set(reported())]).toEqual([expect.stringContaining(`${FIRST}: its state is "enounced"`)]);
  expect(await published()).toEqual(TWICE.slice(1));
  expect(await open()).toEqual([]);
});
