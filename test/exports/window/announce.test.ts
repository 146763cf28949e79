import { describe, expect, it } from 'vitest';
import type { Instant } from '../../../lib/domain/instant.ts';
import { keyOf, type WindowState } from '../../../lib/domain/window-record.ts';
import { announceKept } from '../../../lib/exports/window/announce.ts';
import { FULL_FAILURE, taskMessage, windowRecord } from '../../support/window-records.ts';
import { runningTarget } from '../running-target.ts';

const message = taskMessage();

async function keptAs(stateAt: (now: Instant) => WindowState) {
  const running = await runningTarget();
  const record = windowRecord({ targetId: 'acme' }, stateAt(running.clock()));
  await running.save(record);
  const key = keyOf(record);
  const announce = () => announceKept(running.ports(), key);
  const state = async () => (await running.record(key.window, key.filtersDigest))?.state;
  return { ...running, announce, state };
}

describe('a message that a run left', () => {
  it('is sent once the lease is over, as it was kept', async () => {
    const { announce, messages, state } = await keptAs((now) => ({
      state: 'submitted',
      leaseUntil: now,
      message,
    }));
    expect(await announce()).toEqual({ outcome: 'announced' });
    expect(await messages()).toEqual([message]);
    expect(await state()).toBe('announced');
    expect(await announce()).toMatchObject({ outcome: 'left' });
    expect(await messages()).toHaveLength(1);
  });

  it('is not sent while another run has taken it over', async () => {
    const { announce, messages, state, pass } = await keptAs((now) => ({
      state: 'submitted',
      leaseUntil: now.add({ seconds: 1 }),
      message,
    }));
    expect(await announce()).toEqual({ outcome: 'left', why: 'another run took it over', isHeld: true });
    expect([await messages(), await state()]).toEqual([[], 'submitted']);
    pass({ seconds: 1 });
    expect(await announce()).toEqual({ outcome: 'announced' });
  });

  it('is not sent where its task has failed meanwhile', async () => {
    const { announce, messages, state } = await keptAs(() => ({ state: 'failed', failure: FULL_FAILURE }));
    expect(await announce()).toMatchObject({ outcome: 'left' });
    expect([await messages(), await state()]).toEqual([[], 'failed']);
  });
});
