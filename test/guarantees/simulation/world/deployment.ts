import type { TaskSubmitted } from '../../../../lib/domain/exports/message.ts';
import type { TargetReport } from '../../../../lib/exports/window/run-report.ts';
import type { LedgerReader, SecretStore } from '../../../../lib/ports.ts';
import type { RunPorts } from '../../../../lib/run-ports.ts';
import type { Failures } from '../story/failures.ts';

/** A message on the queue, and when it came there. */
export type Sent = { message: TaskSubmitted; at: number };

export type StoredSecret = Record<string, unknown> | 'missing' | 'malformed';

/** Where the program runs: its ledger, queue and secrets. Each kind of deployment has failures of its own. */
export type Deployment = {
  /** Whether a process serves several invocations and keeps its memory between them. */
  isWarm: boolean;
  /** The adapters of a new process. */
  open(): Opened;
  /** Makes AWS fail from now on. */
  injectFailures(failures: Failures['aws']): Promise<void>;
  /** The ledger without failures. */
  ledger: LedgerReader;
  sent(): readonly Sent[];
  store(secret: StoredSecret): void;
  /** Turns reports into an exit status, or throws. */
  verdict(reports: readonly TargetReport[]): 'succeeded' | 'failed';
  close(): Promise<void>;
};

export type Opened = Pick<RunPorts, 'ledger' | 'queue'> & { secrets: SecretStore };
