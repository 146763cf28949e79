import type { Check } from './domain/check.ts';
import type { InfrastructureError, UnavailableError } from './domain/errors.ts';
import type { ExportTask } from './domain/exports/export-task.ts';
import type { TaskSubmitted } from './domain/exports/message.ts';
import type { RunEvent } from './domain/exports/run-events.ts';
import type { SentTimes } from './domain/input/api-time.ts';
import type { Credential } from './domain/input/credential.ts';
import type { Filters } from './domain/input/filters.ts';
import type { Target } from './domain/input/target.ts';
import type { AlertRequest, UnreadableRequest } from './domain/ledger/request-row.ts';
import type { TargetRow } from './domain/ledger/target-row.ts';
import type { UnreadableRow, WindowEntry, WindowKey, WindowRow } from './domain/ledger/window-row.ts';
import type { Instant } from './domain/time/instant.ts';
import type { Span } from './domain/time/spans.ts';

/** The current time. The only source of "now": retention cutoff, token expiry, signing date and leases follow it. */
export type Clock = () => Instant;

/** Takes the events of a run as they happen. Must not throw. */
export type Observe = (event: RunEvent) => void;

/** One export to order: the login times to ask for (including the overlap), and the filters. */
export type ExportRequest = { span: Span; filters: Filters } & ProjectCheck;

/** `checkProject` gets the id of the project that a call is about to be made for, and throws to prevent the call. */
export type ProjectCheck = { checkProject?: (projectId: string) => void };

/** An export task that Huawei has accepted. */
export type AcceptedTask = {
  taskId: string;
  acceptedAt: Instant;
  projectId: string;
  /** Origin of the calls that list and download export tasks. */
  tasksEndpoint: string;
  /** The literals that were sent. */
  sent: SentTimes;
  /** How long the successful call took, without retries. */
  callMilliseconds: number;
};

/** The vendor's API. */
export type ExportApi = {
  /**
   * The id of the project of the target's exports, from its settings, its credential, or the token that IAM issues for
   * the credential. Orders nothing. Throws like `submit`.
   */
  projectOf(target: Target, signal: AbortSignal): Promise<string>;
  /**
   * Orders one export and resolves once Huawei has accepted it. An uncertain call is repeated, so a second task may
   * exist. Throws an `ExportError`; an aborted `signal` makes it throw `InterruptedError`.
   */
  submit(target: Target, request: ExportRequest, signal: AbortSignal): Promise<AcceptedTask>;
  /**
   * One page of the export tasks of the target's project, whoever ordered them, newest first. Throws like `submit`;
   * without the permission a `RefusedError` with status 403.
   */
  listTasks(target: Target, page: TaskPageOptions, signal: AbortSignal): Promise<TaskPage>;
};

/** Which page: downloaded tasks and others are two lists. `offset` counts tasks from 0. */
export type TaskPageOptions = { isDownloaded: boolean; offset: number } & ProjectCheck;

export type TaskPage = {
  tasks: ExportTask[];
  /** The number of tasks on all pages of this list. */
  total: number;
};

/** A host that a target's calls go to, named as in its `endpoints`. */
export type TargetHost = 'iam' | 'export' | 'tasks';

/** The answer of a host to the question for its time. */
export type HostTime =
  /** The reply's `Date`, in whole seconds. `status` is the HTTP status: a host that has a time may still fail (5xx). */
  | { kind: 'time'; at: Instant; status: number }
  /**
   * An answer without a usable time: none, one that cannot be read, or one that is not the vendor's. `reason` is a
   * sentence.
   */
  | { kind: 'no_time'; reason: string }
  | { kind: 'unavailable'; error: UnavailableError };

/** The vendor's hosts, as sources of the time. */
export type VendorHosts = {
  /** Where calls of a target go: `https://host[:port]`. Two targets with the same origin share a host. Makes no call. */
  originOf(target: Target, host: TargetHost): string;
  /**
   * Asks a host without a credential, once, and once more when nothing answered. Failures are values; throws only
   * `InterruptedError`, when `signal` aborts.
   */
  askTime(target: Target, host: TargetHost, signal: AbortSignal): Promise<HostTime>;
};

/** The durable store of windows, targets and requests. */
export type Ledger = {
  /**
   * The row of a window as last written by any run, or undefined where there is none. A damaged row is returned as
   * unreadable. Throws for a row of a newer release, because it must not be overwritten.
   */
  find(key: WindowKey): Promise<WindowRow | UnreadableRow | undefined>;
  /**
   * Writes a row only on top of version `row.version - 1` (0: no row). Resolves to false, and changes nothing, when another
   * run was quicker. Resolves to true when the same write is repeated.
   */
  save(row: WindowRow): Promise<boolean>;
  /**
   * Every window of a target that ends after `after`, in the order of their ends, after all finished writes. Rows that
   * cannot be read are included as unreadable. Within a run a listing may be handed on; `fresh` reads the store again,
   * for what depends on the writes of other runs.
   */
  list(targetId: string, after: Instant, options?: { fresh?: boolean }): Promise<WindowEntry[]>;
  /**
   * All rows of a target that a later run must still see, after all finished writes: the target's own row, the windows of
   * every series that are open (see `isOpen`) and the open requests, each in the order of their ends. A row that cannot be
   * read is included as unreadable, and stops no other.
   */
  listOpen(targetId: string): Promise<OpenRows>;
  /**
   * The newest exports for alerts of a target, highest number first: at least one if there is any, and down to the first one
   * that was ordered at or before `since`. Those that cannot be read are included by their number.
   */
  newestExports(targetId: string, since: Instant): Promise<WindowEntry[]>;
  /**
   * The row of the target itself, or undefined before its first run. Throws `DamagedRowError` for one that cannot be
   * read.
   */
  findTarget(targetId: string): Promise<TargetRow | undefined>;
  /** Writes the target's row under the conditions of `save`. */
  saveTarget(row: TargetRow): Promise<boolean>;
  /**
   * Stores a request as version 1 if it has no row. Resolves to its row: the request, or the present state of an earlier copy.
   * Throws for a row of a newer release, because it must not be overwritten.
   */
  putRequest(request: AlertRequest): Promise<AlertRequest | UnreadableRequest>;
  /** Writes a request under the conditions of `save`. */
  saveRequest(request: AlertRequest): Promise<boolean>;
  /** Deletes the target's expired requests (see `expiryOf`), where the store does not do so by itself. */
  expireRequests(targetId: string, now: Instant): Promise<void>;
};

/** The rows of one target that are open. */
export type OpenRows = {
  /**
   * The target's own row, undefined before its first run. Where the row cannot be read, the error that `findTarget` throws: a
   * `DamagedRowError` for a row that can be rebuilt.
   */
  target: TargetRow | InfrastructureError | undefined;
  windows: WindowEntry[];
  requests: (AlertRequest | UnreadableRequest)[];
};

/** The reading half of the ledger. */
export type LedgerReader = Pick<Ledger, 'find' | 'list' | 'listOpen' | 'newestExports' | 'findTarget'>;

/** The queue that consumers read. */
export type TaskQueue = {
  /** Resolves once the queue has stored the message. Publishing it twice is allowed; consumers compare the `id`. */
  publish(message: TaskSubmitted): Promise<void>;
};

/** A message that waits on a queue; `handle` acknowledges it. */
export type WaitingMessage = { handle: string; message: TaskSubmitted };

/** The consumer's side of the queue, for the command line. */
export type QueueReader = {
  /**
   * The messages after `after` (a handle; all when absent), oldest first. Reading removes nothing. `unreadable` gets the handle
   * of a message that cannot be read; without it, such a message is an `InfrastructureError`.
   */
  waiting(after?: string, unreadable?: (handle: string) => void): Promise<WaitingMessage[]>;
  /** Removes a message permanently; false when no message has the handle. */
  acknowledge(handle: string): Promise<boolean>;
};

/** Where credentials are kept. */
export type SecretStore = {
  /**
   * The credential with a name. It may be some minutes old unless `fresh` is set.
   * Throws `InputError` (missing, or not a credential) or `InfrastructureError` (the store failed).
   */
  read(name: string, options?: { fresh?: boolean }): Promise<Credential>;
};

/**
 * Checks how a target reaches the vendor, and orders no export. Whatever is wrong is a check; throws `InterruptedError`
 * alone. `checkProject` sees the project of a credential whose target does not name one.
 */
export type VendorDoctor = (
  target: Target,
  credential: Credential | undefined,
  signal: AbortSignal,
  checkProject?: ProjectCheck['checkProject'],
) => Promise<Check[]>;
