import { expect, it } from 'vitest';
import { targetStatus } from '../../../lib/exports/status/target-status.ts';
import { runningTarget } from '../running-target.ts';

// A first run writes the target's row and its windows after somebody else has looked for that row, and before they list.
async function overtaken() {
  const local = await runningTarget();
  const ports = local.ports();
  let isFirst = true;
  const findTarget: typeof ports.ledger.findTarget = async (id) => {
    const found = await ports.ledger.findTarget(id);
    if (isFirst) {
      isFirst = false;
      await local.calendar();
    }
    return found;
  };
  return { ...local, late: { ...ports, ledger: { ...ports.ledger, findTarget } } };
}

it('two first runs at once both end well, and each window is exported once', async () => {
  const { calendar, late, published } = await overtaken();
  expect(await calendar({ ports: late })).toMatchObject({ published: 0, already_covered: 1, failed: [] });
  expect(await published()).toEqual(['11-22/11-23']);
});

it('status that is asked for during the first run reports no row as lost', async () => {
  const { late, clock, ports, targetWith } = await overtaken();
  // Read at the same time as the row, and back later.
  let isListed = false;
  const list: typeof late.ledger.list = async (...asked) => {
    while (!(await ports().ledger.findTarget('acme'))?.coveredFrom)
      await new Promise((go) => setTimeout(go, 5));
    isListed = true;
    return late.ledger.list(...asked);
  };
  const status = await targetStatus({ ledger: { ...late.ledger, list }, clock }, targetWith());
  expect(status.coveredFrom?.toString()).toBe('2026-11-22T00:00:00Z');
  expect(isListed).toBe(true);
});
