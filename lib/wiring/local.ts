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
import {
  checkStateFolder,
  exposedState,
  findStateFile,
  makeStateFolder,
  stateFileIn,
} from './state-folder.ts';

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
  makeStateFolder(state);
  checkStateFolder(state);
  const file = stateFileIn(state);
  const ledger = createSqliteLedger({ file });
  const queue = createSqliteQueue({ file });
  const api = createExportApi({ secrets: createSecretsFile({ file: secrets }), proxies, clock, observe });
  const close = () => {
    ledger.close();
    queue.close();
  };
  return { ports: { api, ledger, queue, clock, observe, alarm: createNextRunAlarm() }, close };
}

/**
 * The consumer's side of the local queue, to be looked at, or to be `changed`. Throws an `InputError` where no run has
 * left one, or it may not be read, or not be changed.
 */
export function openLocalQueue(
  state: string,
  { changed = false }: { changed?: boolean } = {},
): Closable & { reader: QueueReader } {
  const file = findStateFile(state);
  if (file === undefined) {
    throw new InputError('There is no queue yet:', [
      { path: state, problem: 'holds no state of a run; a run makes it' },
    ]);
  }
  if (changed) checkStateFolder(state);
  const queue = createSqliteQueue({ file, readOnly: !changed });
  return { reader: queue, close: () => queue.close() };
}

/**
 * The ledger as earlier runs left it, to be looked at; undefined where no run has left one. Throws an `InputError` where
 * one may not be read.
 */
export function openLocalLedger(state: string): (Closable & { ledger: Ledger }) | undefined {
  const file = findStateFile(state);
  if (file === undefined) return undefined;
  const ledger = createSqliteLedger({ file, readOnly: true });
  return { ledger, close: () => ledger.close() };
}

/** Wires the doctor. It finds what is there and makes nothing. */
export function wireExamination({
  state,
  secrets: file,
  proxies,
  clock,
}: Omit<LocalOptions, 'observe'>): Closable & { ports: ExaminePorts } {
  const secrets = createSecretsFile({ file });
  let local: ReturnType<typeof openLocalLedger>;
  const openLedger = () => {
    checkStateFolder(state);
    local ??= openLocalLedger(state);
    return local?.ledger;
  };
  const exposed = () => exposedState(state);
  const examiner = createExaminer({ secrets, proxies, clock });
  const ports = { openLedger, exposed, secrets, examiner, clock };
  return { ports, close: () => local?.close() };
}
