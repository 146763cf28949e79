import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { deployedLedger } from '../../support/aws/deployed-ledger.ts';
import { login } from '../../support/command/command-line.ts';
import { flat, settingsFolder } from '../../support/command/settings-folder.ts';
import { targetRow } from '../../support/ledger/target-rows.ts';
import { windowRow } from '../../support/ledger/window-rows.ts';

// Of lib/cli: read-ledger.ts; of lib/wiring: aws-ledger.ts.

const NOW = '2026-11-23T12:00:00Z';
const TABLE = 'deployed-ledger';

/** A command on a deployed ledger, in a folder with settings and no state. */
async function onTable(table: string) {
  const { ledger, operations } = await deployedLedger(TABLE);
  const { folder } = await settingsFolder({});
  const command = (name: string, ...more: string[]) =>
    login([name, '--targets', join(folder, 'targets.yml'), '--now', NOW, '--ledger-table', table, ...more]);
  return { command, ledger, operations };
}

describe('with --ledger-table', () => {
  it('status and plan tell how a deployed service stands, and write nothing', async () => {
    const { command, ledger, operations } = await onTable(TABLE);
    const coveredFrom = Temporal.Instant.from('2026-11-22T00:00:00Z');
    await ledger.saveTarget(
      targetRow({ targetId: 'acme', isLoopback: true, coveredFrom, coveredUntil: coveredFrom }),
    );
    await ledger.save(windowRow({ targetId: 'acme' }));
    const before = operations().length;
    const { stdout, status } = await command('status');
    expect(status).toBe(0);
    expect(flat(stdout)).not.toContain('no run has used this folder');
    expect(JSON.parse((await command('status', '--json')).stdout)).toMatchObject({
      targets: [{ target_id: 'acme', covered_from: '2026-11-22T00:00:00Z', orphans: [] }],
    });
    expect((await command('plan')).stdout).toContain('2026-11-22');
    expect(new Set(operations().slice(before))).toEqual(new Set(['GetItem', 'Query']));
  });

  it('a table that is not there is an error that names it', async () => {
    const { command } = await onTable('elsewhere');
    const { status, stderr } = await command('status');
    expect(status).toBe(1);
    expect(flat(stderr)).toContain('target acme from the ledger table elsewhere: ResourceNotFoundException');
  });

  it('a state folder as well is refused', async () => {
    const { command } = await onTable(TABLE);
    const { status, stderr } = await command('status', '--state', '.login-export');
    expect(status).toBe(2);
    expect(flat(stderr)).toContain('--ledger-table: cannot be used with --state');
  });
});
