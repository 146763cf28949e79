import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { alertingTarget } from '../../../support/alerts/alerting-target.ts';
import { temporaryFolder } from '../../../support/vitest/temporary-folder.ts';

const about = (address: string) => ({
  id: `finding about ${address}`,
  ...{ from: '08:00', to: '09:00', lastSeen: '08:45' },
  filters: { public_ip: address },
});

/** A target with a sweep behind it, and a way to cut the request of one address short in its ledger. */
async function damagedTarget() {
  const file = join(temporaryFolder(), 'ledger.sqlite');
  const target = await alertingTarget({}, {}, '2026-11-22T10:00:00Z', file);
  await target.sweep();
  return {
    ...target,
    damage: (address: string, document = "'{'") => {
      const database = new DatabaseSync(file);
      database
        .prepare(`UPDATE alert_requests SET document = ${document} WHERE document LIKE ?`)
        .run(`%${address}%`);
      database.close();
    },
    reported: () =>
      target.events.flatMap((event) => (event.type === 'row_unreadable' ? [event.message] : [])),
  };
}

it('a request that nobody can read is reported by each sweep, which fails, and stops no other and no night', async () => {
  const { serve, sweep, pass, damage, reported, published, messages, status } = await damagedTarget();
  await serve(about('198.51.100.7'), about('198.51.100.8'));
  damage('198.51.100.7');
  pass({ minutes: 15 });
  const { targets } = await sweep();
  expect(targets.map(({ failed }) => failed.map(({ kind }) => kind))).toEqual([['infrastructure']]);
  pass({ hours: 24 });
  await sweep();
  expect(reported()).toEqual([
    expect.stringMatching(/^request\/[0-9a-f]{32}: /),
    expect.stringMatching(/^request\/[0-9a-f]{32}: /),
  ]);
  expect(await published()).toEqual(['08:00/09:00 198.51.100.7', '08:00/09:00 198.51.100.8']);
  expect(await status()).toMatchObject({ open: 0, unreadable: [{ state: 'unreadable' }] });
  expect((await messages()).filter(({ data }) => data.reason === 'routine')).toHaveLength(2);
});

it('a request that nobody can read is rewritten when its alert comes again, and exported whole', async () => {
  const { serve, sweep, pass, damage, published, open, events } = await damagedTarget();
  const asked = { ...about('198.51.100.7'), to: '12:00' };
  await serve(asked);
  damage('198.51.100.7');
  await serve(asked);
  expect(await open()).toMatchObject([{ state: 'open', version: 2 }]);
  pass({ hours: 3 });
  expect((await sweep()).targets).toMatchObject([{ failed: [] }]);
  expect(await published()).toEqual(['08:00/10:00 198.51.100.7', '09:30/12:00 198.51.100.7']);
  expect(events.filter(({ type }) => type === 'row_unreadable')).toHaveLength(1);
});

it('a request that a newer release wrote is not written over, and its alert fails', async () => {
  const { serve, damage, ledger } = await damagedTarget();
  await serve(about('198.51.100.7'));
  damage('198.51.100.7', `replace(document, '"schema":1', '"schema":2')`);
  const { results } = await serve(about('198.51.100.7'));
  expect(results).toMatchObject([
    { result: { outcome: 'failed', error: { message: expect.stringContaining('newer release') } } },
  ]);
  const { requests } = await ledger.listOpen('acme');
  expect(requests).toMatchObject([{ state: 'unreadable', damage: expect.stringContaining('newer release') }]);
});
