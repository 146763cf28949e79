import { describe, expect, it } from 'vitest';
import { reportStatus } from '../../../lib/cli/context/exit.ts';
import type { Leased } from '../../../lib/run-ports.ts';
import { mortalPorts } from '../../support/runs/killed-run.ts';
import { runningTarget } from '../running-target.ts';

/** Runs as on one machine: they wait for windows that others hold. `meanwhile` is what happens while they do. */
async function setUp(meanwhile: (held: Leased) => unknown = () => undefined) {
  const local = await runningTarget({ start_at: '2026-11-20T00:00:00Z' });
  const waits: Leased[] = [];
  const waiting = () => ({
    ...local.ports(),
    waitForOthers: async (held: Leased) => {
      waits.push(held);
      if (waits.length > 50) throw new Error('It waits permanently.');
      await meanwhile(held);
    },
  });
  return { ...local, waits, waiting };
}

describe('a window that another run holds', () => {
  it('is waited for until that run has published it, and is no failure', async () => {
    const { calendar, waiting, emulator } = await setUp(
      () => new Promise((resolve) => setTimeout(resolve, 20)),
    );
    const reports = await Promise.all([1, 2, 3].map(() => calendar({ ports: waiting() })));
    expect(emulator.tasks()).toHaveLength(3);
    for (const report of reports) {
      expect(report).toMatchObject({ failed: [], deferred: 0, lost: [] });
      expect(reportStatus([report])).toBe(0);
    }
    expect(reports.reduce((sum, { published }) => sum + published, 0)).toBe(3);
  });

  it('and that died with it is taken over when its lease is over', async () => {
    const { calendar, waiting, ports, time, waits, published, exportCalls } = await setUp((held) => {
      time.now = held.until;
    });
    const { died, ports: mortal } = mortalPorts(ports(), { when: 'before', call: 'queue.publish', nth: 1 });
    void calendar({ ports: mortal });
    await died;
    const report = await calendar({ ports: waiting() });
    expect(report).toMatchObject({ planned: 3, published: 3, deferred: 0, failed: [] });
    expect(waits.map(({ now, until }) => now.until(until).total('seconds'))).toContain(360);
    expect(await published()).toHaveLength(3);
    expect(exportCalls()).toBe(3);
  });

  it('is left to that run where a run may not wait, which ends without an error', async () => {
    const { calendar, ports, published } = await setUp();
    const { died, ports: mortal } = mortalPorts(ports(), { when: 'before', call: 'queue.publish', nth: 1 });
    void calendar({ ports: mortal });
    await died;
    expect(await calendar()).toMatchObject({ published: 2, deferred: 1, failed: [] });
    expect(await published()).toHaveLength(2);
  });

  it('is waited for no longer when somebody stops the run', async () => {
    const stop = new AbortController();
    const { calendar, waiting, ports, waits } = await setUp(() => stop.abort());
    const { died, ports: mortal } = mortalPorts(ports(), { when: 'before', call: 'queue.publish', nth: 1 });
    void calendar({ ports: mortal });
    await died;
    expect(await calendar({ ports: waiting(), signal: stop.signal })).toMatchObject({ deferred: 1 });
    expect(waits).toHaveLength(1);
  });

  it('by a lease that ends later than any can is free: that clock was not right', async () => {
    const { calendar, ports, time, pass, published } = await setUp();
    pass({ hours: 12 });
    const { died, ports: mortal } = mortalPorts(ports(), { when: 'before', call: 'api.submit', nth: 1 });
    void calendar({ ports: mortal });
    await died;
    time.now = time.now.subtract({ hours: 12 });
    expect(await calendar()).toMatchObject({ published: 3, deferred: 0 });
    expect(await published()).toHaveLength(3);
  });
});
