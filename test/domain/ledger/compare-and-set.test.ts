import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { InfrastructureError } from '../../../lib/domain/errors.ts';
import { compareAndSet, nextVersion } from '../../../lib/domain/ledger/compare-and-set.ts';

type Counter = { version: number; count: number };

/** A row that another run adds 10 to, before each of the first `others` writes. */
function storedCounter({ others }: { others: number }) {
  let row: Counter = { version: 1, count: 0 };
  let left = others;
  const log: string[] = [];
  const store = {
    read: async () => {
      log.push('read');
      return row;
    },
    write: async (next: Counter) => {
      if (left > 0) {
        left -= 1;
        row = { version: row.version + 1, count: row.count + 10 };
      }
      const isNext = next.version === row.version + 1;
      if (isNext) row = next;
      log.push(isNext ? 'written' : 'refused');
      return isNext;
    },
  };
  const add = (row: Counter) => ({ version: row.version + 1, count: row.count + 1 });
  return { row: () => row, log, loop: { found: row, decide: add, ...store, name: 'the row of acme' } };
}

describe('a row that is compared and set', () => {
  it('is written on top of what was found, without reading it again', async () => {
    const { loop, row, log } = storedCounter({ others: 0 });
    expect(await compareAndSet(loop)).toEqual({ version: 2, count: 1 });
    expect(row()).toEqual({ version: 2, count: 1 });
    expect(log).toEqual(['written']);
  });

  it('is read and decided on again when another run was quicker, and nothing that one wrote is lost', async () => {
    const { loop, row, log } = storedCounter({ others: 2 });
    expect(await compareAndSet(loop)).toEqual({ version: 4, count: 21 });
    expect(row().count).toBe(21);
    expect(log).toEqual(['refused', 'read', 'refused', 'read', 'written']);
  });

  it('stays as it is when nothing is to be written, also when that shows only after a refusal', async () => {
    const { loop, log } = storedCounter({ others: 1 });
    const decide = (found: Counter) => (found.count < 10 ? loop.decide(found) : undefined);
    expect(await compareAndSet({ ...loop, decide })).toEqual({ version: 2, count: 10 });
    expect(log).toEqual(['refused', 'read']);
  });

  it('is given up after five refusals, and the error says which row it is', async () => {
    const { loop, log } = storedCounter({ others: 5 });
    const error = await compareAndSet(loop).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(String(error)).toContain('Could not write the row of acme: others keep writing it.');
    expect(log.filter((each) => each === 'refused')).toHaveLength(5);
  });
});

it('the next write of a row has the next version, a new name and its time', () => {
  const now = Temporal.Instant.from('2026-11-23T00:35:00Z');
  const row = { targetId: 'acme', version: 3, writeId: 'w-3', updatedAt: now.subtract({ hours: 1 }) };
  const [one, other] = [nextVersion(row, now), nextVersion(row, now)];
  expect(one).toMatchObject({ targetId: 'acme', version: 4, updatedAt: now });
  expect(new Set([row.writeId, one.writeId, other.writeId]).size).toBe(3);
});
