import { Temporal } from 'temporal-polyfill';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InfrastructureError } from '../../lib/domain/errors.ts';
import type { WindowRecord, WindowState } from '../../lib/domain/window-record.ts';
import type { Ledger } from '../../lib/ports.ts';
import { FULL_FAILURE, taskMessage, windowKey, windowRecord } from '../support/window-records.ts';
import { describeLedgerRaces } from './ledger-races.ts';
import { type LedgerStore, plain } from './ledger-store.ts';

const at = Temporal.Instant.from;

const STATES: Record<string, WindowState> = {
  claimed: { state: 'claimed', leaseUntil: at('2026-11-23T00:40:00.123456789Z') },
  submitted: { state: 'submitted', leaseUntil: at('2026-11-23T00:40:00Z'), message: taskMessage() },
  'submitted, once failed': {
    state: 'submitted',
    leaseUntil: at('2026-11-23T00:40:00Z'),
    message: taskMessage(),
    failure: FULL_FAILURE,
  },
  announced: { state: 'announced', message: taskMessage(), announcedAt: at('2026-11-23T00:35:03Z') },
  failed: { state: 'failed', failure: FULL_FAILURE },
  'failed without a word from Huawei': {
    state: 'failed',
    failure: { kind: 'infrastructure', message: 'the queue is gone', at: at('2026-11-23T00:36:00Z') },
  },
};

/** What every ledger does. `make` makes a new store for each test. */
export function describeLedgerContract(name: string, make: () => Promise<LedgerStore>): void {
  describeLedgerRaces(name, make);

  describe(`the ${name} ledger`, () => {
    let store: LedgerStore;
    let ledger: Ledger;

    beforeEach(async () => {
      store = await make();
      ledger = store.open();
    });
    afterEach(() => store.close());

    test('knows nothing of a window that no run has touched', async () => {
      expect(await ledger.find(windowKey())).toBeUndefined();
    });

    test.each(Object.entries(STATES))('gives a window back as it was saved: %s', async (_, state) => {
      const record = windowRecord({ filters: { user_name: "O'Hara 李", vm_ip: '10.0.0.1' } }, state);
      expect(await ledger.save(record)).toBe(true);
      expect(plain(await store.open().find(record))).toEqual(plain(record));
    });

    test('keeps the schedule that started a run, and none where there was none', async () => {
      const scheduled = {
        kind: 'schedule',
        scheduled_time: '2026-11-23T00:35:00Z',
        schedule_arn: 'arn:x',
      } as const;
      const typed = { kind: 'command', scheduled_time: '2026-11-23T00:35:00Z' } as const;
      await ledger.save(windowRecord({ targetId: 'by-schedule', trigger: scheduled }));
      await ledger.save(windowRecord({ targetId: 'by-hand', trigger: typed }));
      expect((await ledger.find(windowKey({ targetId: 'by-schedule' })))?.trigger).toStrictEqual(scheduled);
      expect((await ledger.find(windowKey({ targetId: 'by-hand' })))?.trigger).toStrictEqual(typed);
    });

    test('replaces the whole record with the next version', async () => {
      await ledger.save(windowRecord({}, { state: 'failed', failure: FULL_FAILURE }));
      const next = windowRecord({ version: 2, writeId: 'write-2', attempt: 2, reason: 'catch-up' });
      expect(await ledger.save(next)).toBe(true);
      expect(plain(await ledger.find(windowKey()))).toEqual(plain(next));
    });

    test.each([
      ['a first version on top of an existing window', 1],
      ['an older version', 2],
      ['the version that another run has written', 3],
      ['a version that leaves one out', 5],
    ])('refuses %s and changes nothing', async (_, version) => {
      const newest = await saveVersions(ledger, 3);
      expect(await ledger.save(windowRecord({ version, writeId: 'late', attempt: 9 }))).toBe(false);
      expect(plain(await ledger.find(windowKey()))).toEqual(plain(newest));
    });

    test('refuses a later version of a window that it does not have', async () => {
      expect(await ledger.save(windowRecord({ version: 2 }))).toBe(false);
      expect(await ledger.find(windowKey())).toBeUndefined();
    });

    test.each([1, 2])(
      'takes the same write again when the network repeats it: version %i',
      async (version) => {
        const newest = await saveVersions(ledger, version);
        expect(await ledger.save(newest)).toBe(true);
        expect(await store.open().save(newest)).toBe(true);
        expect(plain(await ledger.find(windowKey()))).toEqual(plain(newest));
      },
    );

    test('refuses a repeated write when another run has built on it', async () => {
      const first = await saveVersions(ledger, 1);
      const second = windowRecord({ version: 2, writeId: 'other run' });
      await ledger.save(second);
      expect(await ledger.save(first)).toBe(false);
      expect(plain(await ledger.find(windowKey()))).toEqual(plain(second));
    });

    test('keeps windows of other targets, times and filters apart', async () => {
      const { window } = windowKey();
      const keys = [
        windowKey(),
        windowKey({ targetId: 'acme-test' }),
        windowKey({ window: { ...window, end: at('2026-11-22T12:00:00Z') } }),
        windowKey({ window: { ...window, start: at('2026-11-22T00:00:00.000000001Z') } }),
        windowKey({ filters: { user_name: 'a' } }),
        windowKey({ filters: { user_name: 'b' } }),
      ];
      for (const [index, key] of keys.entries()) {
        expect(await ledger.save(windowRecord({ ...key, writeId: `write-${index}` }))).toBe(true);
      }
      const found = await Promise.all(keys.map((key) => ledger.find(key)));
      expect(found.map((record) => record?.writeId)).toEqual(keys.map((_, index) => `write-${index}`));
    });

    test('does not care in which order filters are written', async () => {
      await ledger.save(windowRecord({ filters: { user_name: 'a', vm_ip: 'b' } }));
      expect(await ledger.find(windowKey({ filters: { vm_ip: 'b', user_name: 'a' } }))).toBeDefined();
    });

    test.each([
      ['text that is no JSON', '{"schema":1,'],
      ['a document of another schema', '{"schema":2}'],
    ])('names the target and the window of a row that nobody can read: %s', async (_, json) => {
      await ledger.save(windowRecord());
      await store.overwrite(windowKey(), json);
      const error = await ledger.find(windowKey()).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(InfrastructureError);
      expect(String(error)).toContain('window 2026-11-22T00:00:00Z/2026-11-23T00:00:00Z of target acme-prod');
      expect(String(error)).toContain('cannot be read');
    });
  });
}

async function saveVersions(ledger: Ledger, newest: number): Promise<WindowRecord> {
  const records = Array.from({ length: newest }, (_, index) =>
    windowRecord({ version: index + 1, writeId: `write-${index + 1}` }),
  );
  for (const record of records) expect(await ledger.save(record)).toBe(true);
  return windowRecord({ version: newest, writeId: `write-${newest}` });
}
