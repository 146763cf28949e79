import type { TaskSubmitted } from '../../../../lib/domain/exports/message.ts';
import type { TargetReport } from '../../../../lib/exports/window/report.ts';
import type { LedgerReader, SecretStore } from '../../../../lib/ports.ts';
import type { RunPorts } from '../../../../lib/run-ports.ts';
import type { Trouble } from '../story/failures.ts';

/** A message that the queue has, and when it got it. */
export type Sent = { message: TaskSubmitted; at: number };

export type StoredSecret = Record<string, unknown> | 'missing' | 'malformed';

/** Where the program lives: its ledger, queue and secrets. What of these fails, and how, is the home's own. */
export type Home = {
  /** Whether a process goes on with the next invocation, with all that it keeps in memory. */
  isWarm: boolean;
  /** As a new process would have them. */
  open(): Opened;
  /** What fails from now on. */
  meet(trouble: Trouble['aws']): Promise<void>;
  /** The ledger as it is, whatever fails. */
  ledger: LedgerReader;
  sent(): readonly Sent[];
  store(secret: StoredSecret): void;
  /** What becomes of reports: an exit status, or an error that is thrown. */
  verdict(reports: readonly TargetReport[]): 'well' | 'bad';
  close(): Promise<void>;
};

export type Opened = Pick<RunPorts, 'ledger' | 'queue'> & { secrets: SecretStore };
