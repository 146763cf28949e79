import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { InfrastructureError } from '../../lib/domain/errors.ts';
import type { TargetRow } from '../../lib/domain/ledger/target-row.ts';
import { keyOf } from '../../lib/domain/ledger/window-row.ts';
import { targetRow } from '../support/ledger/target-rows.ts';
import { WINDOW_STATES, windowKey, windowRow } from '../support/ledger/window-rows.ts';
import { describeLedgerList } from './ledger-list.ts';
import { describeLedgerNewest } from './ledger-newest.ts';
import { describeLedgerNumbers } from './ledger-numbers.ts';
import { describeLedgerOpen } from './ledger-open.ts';
import { describeLedgerRaces } from './ledger-races.ts';
import { describeLedgerRequests } from './ledger-requests.ts';
import { freshStore, type LedgerStore, plain } from './ledger-store.ts';
import { describeLedgerVersions } from './ledger-versions.ts';

const at = Temporal.Instant.from;

const { coveredFrom: _coveredFrom, coveredUntil: _coveredUntil, ...bareTarget } = targetRow();
const TARGETS: Record<string, TargetRow> = {
  'whose coverage has started': targetRow(),
  'that only backfills were done for': { ...bareTarget, lookbackFrom: at('2026-11-01T00:00:00.000000001Z') },
  'with everything that can be known': targetRow({
    projectId: '2b31ed520000000000000000000000aa',
    isLoopback: true,
    lookbackFrom: at('2026-11-01T00:00:00Z'),
    openBackfills: [{ start: at('2026-11-01T00:00:00Z'), end: at('2026-11-03T00:00:00Z') }],
    unverifiedAt: at('2026-11-22T00:35:00Z'),
    unreportedFrom: at('2026-11-20T00:00:00Z'),
    listDownSince: at('2026-11-22T23:05:00Z'),
    lostUntil: at('2026-11-22T12:00:00Z'),
    clockOffsetSeconds: -1260,
    lastFiring: at('2026-11-23T00:35:00Z'),
  }),
};

const NO_JSON = ['text that is no JSON', '{"schema":1,'] as const;
const NEWER = ['a document of another schema', '{"schema":2}'] as const;
const UNREADABLE = [NO_JSON, NEWER];

/** What every ledger does. `make` makes a new store for each test. */
export function describeLedgerContract(name: string, make: () => Promise<LedgerStore>): void {
  describeLedgerVersions(name, make);
  describeLedgerRaces(name, make);
  describeLedgerList(name, make);
  describeLedgerNumbers(name, make);
  describeLedgerNewest(name, make);
  describeLedgerRequests(name, make);
  describeLedgerOpen(name, make);

  describe(`the ${name} ledger`, () => {
    const fresh = freshStore(make);

    test.each(Object.entries(WINDOW_STATES))('gives a window back as it was saved: %s', async (_, state) => {
      const filters = { user_name: "O'Hara 李", vm_ip: '10.0.0.1' };
      const row = windowRow({ filters, orphans: 2 }, state);
      expect(await fresh.ledger.save(row)).toBe(true);
      expect(plain(await fresh.store.open().find(keyOf(row)))).toEqual(plain(row));
    });

    test.each(Object.entries(TARGETS))('gives a target back as it was saved: one %s', async (_, row) => {
      expect(await fresh.ledger.saveTarget(row)).toBe(true);
      expect(plain(await fresh.store.open().findTarget('acme-prod'))).toEqual(plain(row));
    });

    test('keeps the schedule that started a run, and none where there was none', async () => {
      const scheduled = {
        kind: 'schedule',
        scheduled_time: '2026-11-23T00:35:00Z',
        schedule_arn: 'arn:x',
      } as const;
      const typed = { kind: 'command', scheduled_time: '2026-11-23T00:35:00Z' } as const;
      await fresh.ledger.save(windowRow({ targetId: 'by-schedule', trigger: scheduled }));
      await fresh.ledger.save(windowRow({ targetId: 'by-hand', trigger: typed }));
      const triggerOf = async (targetId: string) => {
        const found = await fresh.ledger.find(windowKey({ targetId }));
        return found && 'trigger' in found ? found.trigger : undefined;
      };
      expect(await triggerOf('by-schedule')).toStrictEqual(scheduled);
      expect(await triggerOf('by-hand')).toStrictEqual(typed);
    });

    test('keeps windows of other times and filters apart', async () => {
      const { window } = windowKey();
      const rows = [
        windowRow(),
        windowRow({ window: { ...window, end: at('2026-11-22T12:00:00Z') } }),
        windowRow({ window: { ...window, start: at('2026-11-22T00:00:00.000000001Z') } }),
        windowRow({ filters: { user_name: 'a' } }),
        windowRow({ filters: { user_name: 'b' } }),
      ].map((row, index) => ({ ...row, writeId: `write-${index}` }));
      for (const row of rows) expect(await fresh.ledger.save(row)).toBe(true);
      const found = await Promise.all(rows.map((row) => fresh.ledger.find(keyOf(row))));
      expect(found).toMatchObject(rows.map(({ writeId }) => ({ writeId })));
    });

    test('does not care in which order filters are written', async () => {
      await fresh.ledger.save(windowRow({ filters: { user_name: 'a', vm_ip: 'b' } }));
      expect(await fresh.ledger.find(windowKey({ filters: { vm_ip: 'b', user_name: 'a' } }))).toBeDefined();
    });

    test.each<readonly [string, string]>([
      NO_JSON,
      ['a document that is none of a window', '{"schema":1}'],
      ['a document of no schema at all', '{}'],
    ])('tells of a row that nobody can read, and lets it be written over: %s', async (_, json) => {
      await fresh.ledger.save(windowRow());
      await fresh.store.overwrite(windowKey(), json);
      const found = await fresh.ledger.find(windowKey());
      expect(found).toEqual({ state: 'unreadable', version: 1, attempt: 1, damage: expect.any(String) });
      const next = windowRow({ attempt: 2, version: 2, writeId: 'write-2' });
      expect(await fresh.store.open().save(next)).toBe(true);
      expect(plain(await fresh.ledger.find(windowKey()))).toEqual(plain(next));
    });

    test('refuses a row of a window that a newer release wrote, and names the window', async () => {
      await fresh.ledger.save(windowRow());
      await fresh.store.overwrite(windowKey(), NEWER[1]);
      const error = await fresh.ledger.find(windowKey()).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(InfrastructureError);
      const doing =
        'Could not read window 2026-11-22T00:00:00Z/2026-11-23T00:00:00Z of target acme-prod from ';
      expect(error).toMatchObject({ message: expect.stringContaining(doing) });
      expect(error).toMatchObject({ message: expect.stringContaining('cannot be read') });
    });

    test('writes nothing that could not be read again', async () => {
      const row = windowRow({ attempt: 1.5 });
      await expect(async () => fresh.ledger.save(row)).rejects.toThrow(InfrastructureError);
      expect(await fresh.store.open().find(keyOf(row))).toBeUndefined();
    });

    test.each(UNREADABLE)('names the target of a row that nobody can read: %s', async (_, json) => {
      await fresh.ledger.saveTarget(targetRow());
      await fresh.store.spoil('acme-prod', 'target', { document: json });
      const error = await fresh.ledger.findTarget('acme-prod').catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(InfrastructureError);
      expect(error).toMatchObject({
        message: expect.stringMatching(/^Could not read target acme-prod from the ledger .*cannot be read/),
      });
    });
  });
}
