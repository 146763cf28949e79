import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDynamoDbLedger } from '../../../lib/adapters/ledger/aws-dynamodb.ts';
import { login } from '../../support/command-line.ts';
import { startDynalite } from '../../support/dynalite-server.ts';
import { flat, settingsFolder } from '../../support/settings-folder.ts';
import { targetRecord } from '../../support/target-records.ts';
import { windowRecord } from '../../support/window-records.ts';

// Of lib/cli: read-ledger.ts; of lib/wiring: aws-ledger.ts.

const NOW = '2026-11-23T12:00:00Z';
const TABLE = 'deployed-ledger';

async function deployedLedger() {
  const server = await startDynalite();
  await server.createLedgerTable(TABLE);
  const { endpoint, region, credentials } = server.clientConfig;
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  vi.stubEnv('AWS_REGION', region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  return { ...server, ledger: createDynamoDbLedger({ table: TABLE, clientConfig: server.clientConfig }) };
}

let server: Awaited<ReturnType<typeof deployedLedger>>;

beforeEach(async () => {
  server = await deployedLedger();
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

/** A command on that ledger, in a folder with settings and no state. */
async function onTable(table: string) {
  const { folder } = await settingsFolder({});
  return (name: string, ...more: string[]) =>
    login([name, '--targets', join(folder, 'targets.yml'), '--now', NOW, '--ledger-table', table, ...more]);
}

describe('with --ledger-table', () => {
  it('status and plan tell how a deployed service stands, and write nothing', async () => {
    const command = await onTable(TABLE);
    const origin = Temporal.Instant.from('2026-11-22T00:00:00Z');
    await server.ledger.saveTarget(targetRecord({ targetId: 'acme', origin, coveredUntil: origin }));
    await server.ledger.save(windowRecord({ targetId: 'acme' }));
    const before = server.operations().length;
    const { stdout, status } = await command('status');
    expect(status).toBe(0);
    expect(stdout).not.toContain('no run has been here');
    expect(JSON.parse((await command('status', '--json')).stdout)).toMatchObject({
      targets: [{ target_id: 'acme', origin: '2026-11-22T00:00:00Z', orphans: [] }],
    });
    expect((await command('plan')).stdout).toContain('2026-11-22');
    expect(new Set(server.operations().slice(before))).toEqual(new Set(['GetItem', 'Query']));
  });

  it('a table that is not there is an error that names it', async () => {
    const command = await onTable('elsewhere');
    const { status, stderr } = await command('status');
    expect(status).toBe(1);
    expect(flat(stderr)).toContain('target acme from the ledger table elsewhere: ResourceNotFoundException');
  });

  it('a state folder as well is refused', async () => {
    const command = await onTable(TABLE);
    const { status, stderr } = await command('status', '--state', '.login-export');
    expect(status).toBe(2);
    expect(flat(stderr)).toContain("'--ledger-table <name>' cannot be used with option '--state <folder>'");
  });
});
