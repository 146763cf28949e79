import { join } from 'node:path';
import type { Temporal } from 'temporal-polyfill';
import { onTestFinished } from 'vitest';
import { createSqliteLedger } from '../../../lib/adapters/ledger/local-sqlite.ts';
import { createSqliteQueue } from '../../../lib/adapters/queue/local-sqlite.ts';
import { createSecretsFile } from '../../../lib/adapters/secrets/local-file.ts';
import type { RunEvent } from '../../../lib/domain/exports/run-events.ts';
import type { EmulatorOptions } from '../../../lib/emulator/options.ts';
import { trustedClocks } from '../../../lib/exports/clock/target-clock.ts';
import { createExportApi } from '../../../lib/huawei/export-api.ts';
import type { QueueReader } from '../../../lib/ports.ts';
import type { RunPorts, ServicePorts } from '../../../lib/run-ports.ts';
import { PASSWORD, secretsFile, startHuawei, targetAt } from '../huawei/start-huawei.ts';
import { temporaryFolder } from '../vitest/temporary-folder.ts';

const policy = { attempts: 2, firstWaitMilliseconds: 5, factor: 2, longestWaitMilliseconds: 1_000 };

export type LocalPorts = RunPorts & ServicePorts & { queue: QueueReader };

/** The time of a run whose clock is right: it makes no calls for the time, and a wait moves the clock at once. */
export function timeOf(time: {
  now: Temporal.Instant;
}): Pick<ServicePorts, 'ownClock' | 'openClocks' | 'wait'> {
  const ownClock = () => time.now;
  return {
    ownClock,
    openClocks: () => trustedClocks(ownClock),
    wait: async (milliseconds) => {
      time.now = time.now.add({ milliseconds: Math.ceil(milliseconds) });
    },
  };
}

/** The emulator and the local adapters. Each call of `ports` opens the same files again, as a new run does. */
export async function localPorts(
  options: EmulatorOptions = {},
  secrets: unknown = { 'huawei/acme': PASSWORD },
) {
  const huawei = await startHuawei(options);
  const { clock, origin, time } = huawei;
  const folder = temporaryFolder();
  const file = join(folder, 'state.sqlite');
  const secretsPath = secretsFile(secrets, folder);
  const events: RunEvent[] = [];
  const observe = (event: RunEvent) => void events.push(event);

  const ports = (): LocalPorts => {
    const ledger = createSqliteLedger({ file });
    const queue = createSqliteQueue({ file });
    onTestFinished(() => {
      ledger.close();
      queue.close();
    });
    const api = createExportApi({
      secrets: createSecretsFile({ file: secretsPath }),
      clock,
      observe,
      policy,
    });
    return { api, ledger, queue, clock, observe, ...timeOf(time) };
  };

  return { ...huawei, folder, secretsPath, events, ports, target: targetAt(origin) };
}
