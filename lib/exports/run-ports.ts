import type { Clock, ExportApi, Ledger, Observe, TaskQueue } from '../ports.ts';

/** What every use case of this room works with. */
export type RunPorts = {
  api: ExportApi;
  ledger: Ledger;
  queue: TaskQueue;
  clock: Clock;
  observe: Observe;
};
