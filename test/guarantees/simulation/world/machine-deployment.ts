import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqliteLedger } from '../../../../lib/adapters/ledger/local-sqlite.ts';
import { createSqliteQueue } from '../../../../lib/adapters/queue/local-sqlite.ts';
import { createSecretsFile } from '../../../../lib/adapters/secrets/local-file.ts';
import { reportStatus } from '../../../../lib/cli/context/exit.ts';
import type { Deployment, Sent, StoredSecret } from './deployment.ts';
import { CREDENTIAL_NAME } from './secrets.ts';

/** One machine: SQLite and a secrets file. Only the secrets file can fail. */
export function createMachineDeployment(now: () => number): Deployment {
  const folder = mkdtempSync(join(tmpdir(), 'simulated-machine-'));
  const file = join(folder, 'secrets.json');
  const ledger = createSqliteLedger({ file: ':memory:' });
  const queue = createSqliteQueue({ file: ':memory:' });
  const sent: Sent[] = [];

  const store = (secret: StoredSecret): void => {
    const texts = { missing: '{}', malformed: '{"huawei/acme": {"kind": "passw' };
    const text = typeof secret === 'string' ? texts[secret] : JSON.stringify({ [CREDENTIAL_NAME]: secret });
    writeFileSync(file, text, { mode: 0o600 });
  };

  return {
    isWarm: false,
    injectFailures: () => Promise.resolve(),
    open: () => ({
      ledger,
      queue: {
        publish: async (message) => {
          await queue.publish(message);
          sent.push({ message, at: now() });
        },
      },
      secrets: createSecretsFile({ file }),
    }),
    ledger,
    sent: () => sent,
    store,
    verdict: (reports) => (reportStatus(reports) === 0 ? 'succeeded' : 'failed'),
    close: async () => {
      ledger.close();
      queue.close();
      rmSync(folder, { recursive: true });
    },
  };
}
