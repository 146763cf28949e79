import { describe, expect, it } from 'vitest';
import { keyOf, type WindowState } from '../../../lib/domain/ledger/window-row.ts';
import type { Instant } from '../../../lib/domain/time/instant.ts';
import { publishKept } from '../../../lib/exports/window/export-window.ts';
import { FULL_FAILURE, taskMessage, windowRow } from '../../support/ledger/window-rows.ts';
import { runningTarget } from '../running-target.ts';

const message = taskMessage();

async function keptAs(stateAt: (now: Instant) => WindowState) {
  const running = await runningTarget();
  const row = windowRow({ targetId: 'acme' }, stateAt(running.clock()));
  await running.save(row);
  const key = keyOf(row);
  const publish = () => publishKept(running.ports(), key);
  const state = async () => (await running.readRow(key.window, key.filtersDigest))?.state;
  return { ...running, publish, state };
}

describe('a message that a run left', () => {
  it('is sent once the lease is over, as it was kept', async () => {
    const { publish, messages, state } = await keptAs((now) => ({
      state: 'submitted',
      leaseUntil: now,
      message,
    }));
    expect(await publish()).toEqual({ outcome: 'published' });
    expect(await messages()).toEqual([message]);
    expect(await state()).toBe('published');
    expect(await publish()).toMatchObject({ outcome: 'deferred' });
    expect(await messages()).toHaveLength(1);
  });

  it('is not sent while another run has taken it over', async () => {
    const { publish, messages, state, pass } = await keptAs((now) => ({
      state: 'submitted',
      leaseUntil: now.add({ seconds: 1 }),
      message,
    }));
    expect(await publish()).toEqual({ outcome: 'deferred', why: 'another run took it over', isLeased: true });
    expect([await messages(), await state()]).toEqual([[], 'submitted']);
    pass({ seconds: 1 });
    expect(await publish()).toEqual({ outcome: 'published' });
  });

  it('is not sent where its task has failed meanwhile', async () => {
    const { publish, messages, state } = await keptAs(() => ({ state: 'failed', failure: FULL_FAILURE }));
    expect(await publish()).toMatchObject({ outcome: 'deferred' });
    expect([await messages(), await state()]).toEqual([[], 'failed']);
  });
});
