import { createSqliteLedger } from '../adapters/ledger/local-sqlite.ts';
import { createSqliteQueue } from '../adapters/queue/local-sqlite.ts';
import { createSecretsFile } from '../adapters/secrets/local-file.ts';
import { noteStateClock } from '../adapters/sqlite-clock.ts';
import { checkDatabase } from '../adapters/sqlite-database.ts';
import type { DoctorPorts } from '../doctor/run.ts';
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
  /** The folder that holds ledger and queue; made when it is missing. */
  state: string;
  /** The secrets file. */
  secrets: string;
  /** What stands between this machine and Huawei. */
  proxies?: Proxies | undefined;
  clock: Clock;
  /** `clock` was set by a person, and stands for Huawei's too. */
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

// A rehearsal would write times into the real record that the next night takes for true, and a real run into a rehearsal's.
function checkStateClock(
  file: string,
  { state, isRehearsal = false }: Pick<LocalOptions, 'state' | 'isRehearsal'>,
) {
  const asked = isRehearsal ? 'rehearsal' : 'real';
  const noted = noteStateClock(file, asked);
  if (noted === asked) return;
  const message =
    noted === 'real'
      ? 'has been written by real runs; --now is for rehearsals: name another folder with --state'
      : 'is of a rehearsal, written with --now; real runs need a folder of their own';
  throw new InputError('The state cannot be used:', [{ path: state, message }]);
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
      { path: state, message: 'holds no state of a run; a run makes it' },
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
