import { createSqliteLedger } from '../adapters/ledger/local-sqlite.ts';
import { createSqliteQueue } from '../adapters/queue/local-sqlite.ts';
import { createSecretsFile } from '../adapters/secrets/local-file.ts';
import { checkDatabase } from '../adapters/sqlite.ts';
import { noteStateClock } from '../adapters/sqlite-clock.ts';
import type { DoctorPorts } from '../doctor/run-doctor.ts';
import { InputError } from '../domain/errors.ts';
import type { Proxies } from '../domain/input/proxies.ts';
import { createVendorDoctor } from '../huawei/doctor/vendor-doctor.ts';
import { createExportApi } from '../huawei/export-api.ts';
import type { Clock, Ledger, Observe, QueueReader } from '../ports.ts';
import type { ServicePorts } from '../run-ports.ts';
import {
  checkStateFolder,
  exposedState,
  findStateFile,
  makeStateFolder,
  stateFileIn,
} from './state-folder.ts';
import { wireVendorTime } from './vendor-time.ts';

export type LocalOptions = {
  /** The folder of the ledger and the queue; created when it is missing. */
  state: string;
  /** The secrets file. */
  secrets: string;
  /** The proxies between this machine and Huawei. */
  proxies?: Proxies | undefined;
  clock: Clock;
  /** `clock` is simulated, and is used as Huawei's clock too. */
  isRehearsal?: boolean | undefined;
  observe: Observe;
};

type Closable = { close(): void };

/** Wires the use cases to one machine: ledger and queue in SQLite, secrets in a file, and Huawei Cloud over HTTP. */
export function wireLocal({
  state,
  secrets,
  proxies,
  clock,
  isRehearsal,
  observe,
}: LocalOptions): Closable & { ports: ServicePorts; isNewState: boolean } {
  makeStateFolder(state);
  checkStateFolder(state);
  const isNewState = findStateFile(state) === undefined;
  const file = stateFileIn(state);
  checkStateClock(file, { state, isRehearsal });
  const ledger = createSqliteLedger({ file });
  const queue = createSqliteQueue({ file });
  const { clockOf, ...time } = wireVendorTime({ clock, proxies, isRehearsal });
  const store = createSecretsFile({ file: secrets });
  const api = createExportApi({ secrets: store, proxies, clock, clockOf, observe });
  const close = () => {
    ledger.close();
    queue.close();
  };
  return { ports: { ...time, api, ledger, queue, observe }, isNewState, close };
}

// The next real run would take the times of a rehearsal for true, and a rehearsal those of a real run.
function checkStateClock(
  file: string,
  { state, isRehearsal = false }: Pick<LocalOptions, 'state' | 'isRehearsal'>,
) {
  const asked = isRehearsal ? 'rehearsal' : 'real';
  const noted = noteStateClock(file, asked);
  if (noted === asked) return;
  const issue =
    noted === 'real'
      ? {
          message: 'was written by real runs, and --now is for rehearsals',
          fix: 'name another folder with --state',
        }
      : { message: 'was written by a rehearsal, with --now', fix: 'name another folder for real runs' };
  throw new InputError('The state cannot be used:', [{ path: state, ...issue }]);
}

/**
 * The consumer's side of the local queue, for reading, or to be `changed`. Throws an `InputError` where there is no queue
 * yet, or where it cannot be read or changed.
 */
export function openLocalQueue(
  state: string,
  { changed = false }: { changed?: boolean } = {},
): Closable & { reader: QueueReader } {
  const file = findStateFile(state);
  if (file === undefined) {
    throw new InputError('There is no queue yet:', [
      { path: state, message: 'holds no state', fix: 'the first run creates it' },
    ]);
  }
  if (changed) checkStateFolder(state);
  const queue = createSqliteQueue({ file, readOnly: !changed });
  return { reader: queue, close: () => queue.close() };
}

/** The ledger of earlier runs, for reading; undefined where there is none yet. Throws an `InputError` where it cannot be read. */
export function openLocalLedger(state: string): (Closable & { ledger: Ledger }) | undefined {
  const file = findStateFile(state);
  if (file === undefined) return undefined;
  const ledger = createSqliteLedger({ file, readOnly: true });
  return { ledger, close: () => ledger.close() };
}

/** Wires the doctor, which creates nothing. */
export function wireDoctor({
  state,
  secrets: file,
  proxies,
  clock,
}: Omit<LocalOptions, 'observe'>): Closable & { ports: DoctorPorts } {
  const secrets = createSecretsFile({ file });
  let local: ReturnType<typeof openLocalLedger>;
  const openLedger = () => {
    local ??= openLocalLedger(state);
    return local?.ledger;
  };
  const checkState = () => {
    checkStateFolder(state);
    const found = findStateFile(state);
    if (found !== undefined) checkDatabase(found);
  };
  const exposed = () => exposedState(state);
  const vendorDoctor = createVendorDoctor({ secrets, proxies, clock });
  const ports = { openLedger, checkState, exposed, secrets, vendorDoctor, clock };
  return { ports, close: () => local?.close() };
}
