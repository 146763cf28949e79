import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createNextRunAlarm } from '../adapters/alarm/local-next-run.ts';
import { createSqliteLedger } from '../adapters/ledger/local-sqlite.ts';
import { createSqliteQueue } from '../adapters/queue/local-sqlite.ts';
import { createSecretsFile } from '../adapters/secrets/local-file.ts';
import { InputError } from '../domain/errors.ts';
import type { Proxies } from '../domain/proxies.ts';
import type { AlertPorts } from '../exports/alerts/serve-calls.ts';
import type { ExaminePorts } from '../exports/doctor/examine.ts';
import { createExaminer } from '../huawei/examiner.ts';
import { createExportApi } from '../huawei/export-api.ts';
import type { Clock, Ledger, Observe, QueueReader } from '../ports.ts';
import { checkStateFolder, makeStateFolder } from './state-folder.ts';

export type LocalOptions = {
  /** The folder that holds ledger and queue; made when it is missing. */
  state: string;
  /** The secrets file. */
  secrets: string;
  /** What stands between this machine and Huawei. */
  proxies?: Proxies | undefined;
  clock: Clock;
  observe: Observe;
};

type Closable = { close(): void };

/** Wires the use cases to one machine: ledger and queue in SQLite, secrets in a file, and Huawei Cloud over HTTP. */
export function wireLocal({
  state,
  secrets,
  proxies,
  clock,
  observe,
}: LocalOptions): Closable & { ports: AlertPorts } {
  const file = stateFile(state);
  const ledger = createSqliteLedger({ file });
  const queue = createSqliteQueue({ file });
  const api = createExportApi({ secrets: createSecretsFile({ file: secrets }), proxies, clock, observe });
  const close = () => {
    ledger.close();
    queue.close();
  };
  return { ports: { api, ledger, queue, clock, observe, alarm: createNextRunAlarm() }, close };
}

/** The consumer's side of the local queue. Throws an `InputError` where no run has left one. */
export function openLocalQueue(state: string): Closable & { reader: QueueReader } {
  const file = join(state, STATE_FILE);
  if (!existsSync(file)) {
    throw new InputError('There is no queue yet:', [
      { path: state, problem: `holds no ${STATE_FILE}; a run makes it` },
    ]);
  }
  const queue = createSqliteQueue({ file });
  return { reader: queue, close: () => queue.close() };
}

/** The ledger as earlier runs left it, to be looked at; undefined where no run has left one. */
export function openLocalLedger(state: string): (Closable & { ledger: Ledger }) | undefined {
  const file = join(state, STATE_FILE);
  if (!existsSync(file)) return undefined;
  const ledger = createSqliteLedger({ file });
  return { ledger, close: () => ledger.close() };
}

/** Wires the doctor. It finds what is there and makes nothing, except for tables in a ledger that lacks them. */
export function wireExamination({
  state,
  secrets: file,
  proxies,
  clock,
}: Omit<LocalOptions, 'observe'>): Closable & { ports: ExaminePorts } {
  const secrets = createSecretsFile({ file });
  let local: ReturnType<typeof openLocalLedger>;
  const openLedger = () => {
    checkStateFolder(state, STATE_FILE);
    local ??= openLocalLedger(state);
    return local?.ledger;
  };
  const ports = { openLedger, secrets, examiner: createExaminer({ secrets, proxies, clock }), clock };
  return { ports, close: () => local?.close() };
}

const STATE_FILE = 'state.sqlite';

function stateFile(state: string): string {
  makeStateFolder(state);
  return join(state, STATE_FILE);
}
