import type { Check } from './domain/check.ts';
import type { InfrastructureError, UnavailableError } from './domain/errors.ts';
import type { ExportEvent } from './domain/exports/events.ts';
import type { ExportTask } from './domain/exports/export-task.ts';
import type { TaskSubmitted } from './domain/exports/message.ts';
import type { SentTimes } from './domain/input/api-time.ts';
import type { Credential } from './domain/input/credential.ts';
import type { Filters } from './domain/input/filters.ts';
import type { Target } from './domain/input/target.ts';
import type { AlertRequest, UnreadableRequest } from './domain/ledger/request-row.ts';
import type { TargetRow } from './domain/ledger/target-row.ts';
import type { UnreadableRow, WindowEntry, WindowKey, WindowRow } from './domain/ledger/window-row.ts';
import type { Instant } from './domain/time/instant.ts';
import type { Span } from './domain/time/spans.ts';

/** What time it is. The only source of "now": retention cutoff, token expiry, signing date and leases follow it. */
export type Clock = () => Instant;

/** Where a run tells what happens, as it happens. Must not throw. */
export type Observe = (event: ExportEvent) => void;

/** One export to order: the login times to ask for (the overlap included), and what it is narrowed to. */
export type ExportRequest = { span: Span; filters: Filters } & ProjectCheck;

/** `checkProject` is handed the id of the project that a call is about to be made for, and throws to prevent it. */
export type ProjectCheck = { checkProject?: (projectId: string) => void };

/** Huawei's word that it will do the export. */
export type AcceptedTask = {
  taskId: string;
  acceptedAt: Instant;
  projectId: string;
  /** Origin of the calls that list and download export tasks. */
  tasksEndpoint: string;
  /** The literals that went on the wire. */
  sent: SentTimes;
  /** How long the successful call alone took. */
  callMilliseconds: number;
};

/** The vendor. */
export type ExportApi = {
  /**
   * The id of the project that the target's exports are of, from its settings, its credential, or the token that IAM
   * gives for it. Orders nothing. Throws like `submit`.
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

/** Which page: tasks that were downloaded and tasks that were not are two lists. `offset` counts tasks from 0. */
export type TaskPageOptions = { isDownloaded: boolean; offset: number } & ProjectCheck;

export type TaskPage = {
  tasks: ExportTask[];
  /** Of all the pages of this list together. */
  total: number;
};

/** A host that a target's calls go to, named as in its `endpoints`. */
export type TargetHost = 'iam' | 'export' | 'tasks';

/** What a host said when it was asked for its time. */
export type HostTime =
  /** The reply's `Date`, which has whole seconds. `status` is the HTTP status: a host that has a time may still be in trouble (5xx). */
  | { kind: 'time'; at: Instant; status: number }
  /** An answer without a time to go by: none, none that can be read, or not the vendor's own. A sentence for people. */
  | { kind: 'no_time'; reason: string }
  | { kind: 'unavailable'; error: UnavailableError };

/** The vendor's hosts, to be asked for their time. */
export type VendorHosts = {
  /** Where calls of a target go: `https://host[:port]`. Two targets with the same origin have one host; asks nobody. */
  originOf(target: Target, host: TargetHost): string;
  /**
   * Asks a host once, and once more when nothing answered, without a credential. What it finds is a value; throws
   * `InterruptedError` alone, when `signal` aborts.
   */
  askTime(target: Target, host: TargetHost, signal: AbortSignal): Promise<HostTime>;
};

/** The durable record of windows. */
export type Ledger = {
  /**
   * The row of a window as last written by anyone, or undefined when no run has touched it. A row that is damaged is
   * told as such; one that a newer release wrote makes it throw, because it must not be written over.
   */
  find(key: WindowKey): Promise<WindowRow | UnreadableRow | undefined>;
  /**
   * Writes a row on top of version `row.version - 1` (0: no row), and only on top of that: resolves to false,
   * having changed nothing, when another run was quicker. Repeating a write that has landed resolves to true.
   */
  save(row: WindowRow): Promise<boolean>;
  /**
   * Every window of a target that ends after `after`, in the order of their ends, as all finished writes left them;
   * rows that cannot be read among them, as such.
   */
  list(targetId: string, after: Instant): Promise<WindowEntry[]>;
  /**
   * All that a later run must still see of a target, as all finished writes left it: the target's own row, the windows of
   * every series that are not done with (see `isOpen`) and the open requests, each in the order of their ends. A row that
   * cannot be read stands among them as such, and makes nothing else unreadable.
   */
  listOpen(targetId: string): Promise<OpenRows>;
  /**
   * The newest exports for alerts of a target, newest number first: at least one if there is any, and on until one was
   * ordered at or before `since`, which is the last of them. Those that cannot be read are among them by their number.
   */
  newestExports(targetId: string, since: Instant): Promise<WindowEntry[]>;
  /** The row of the target itself, or undefined before its first run. Throws `DamagedRowError` for one that cannot be read. */
  findTarget(targetId: string): Promise<TargetRow | undefined>;
  /** Writes it on the terms of `save`. */
  saveTarget(row: TargetRow): Promise<boolean>;
  /**
   * Stores a request as version 1 if it is not there. Resolves to what then stands in its row: the request, or what an
   * earlier copy of it has become. Repeating a write that has landed resolves to it. Throws where a newer release wrote the
   * row, because it must not be written over.
   */
  putRequest(request: AlertRequest): Promise<AlertRequest | UnreadableRequest>;
  /** Writes it on the terms of `save`. */
  saveRequest(request: AlertRequest): Promise<boolean>;
  /** Takes away the target's requests whose time is over (see `expiryOf`), where the store does not do so by itself. */
  expireRequests(targetId: string, now: Instant): Promise<void>;
};

/** What is not done with of one target. */
export type OpenRows = {
  /**
   * The target's own row, undefined before its first run; where it cannot be read, the error that `findTarget` throws: a
   * `DamagedRowError` for one that can be made anew.
   */
  target: TargetRow | InfrastructureError | undefined;
  windows: WindowEntry[];
  requests: (AlertRequest | UnreadableRequest)[];
};

/** A ledger that is only read. */
export type LedgerReader = Pick<Ledger, 'find' | 'list' | 'listOpen' | 'newestExports' | 'findTarget'>;

/** The queue that consumers read. */
export type TaskQueue = {
  /** Resolves once the queue has the message for good. Sending it twice is allowed; consumers go by its `id`. */
  publish(message: TaskSubmitted): Promise<void>;
};

/** A message that waits on a queue; `handle` acknowledges it. */
export type WaitingMessage = { handle: string; message: TaskSubmitted };

/** The consumer's side of the queue, for people at the command line. */
export type QueueReader = {
  /**
   * What waits behind `after` (a handle; all when absent), oldest first. Reading takes nothing away. A message that cannot
   * be read is told to `unreadable` by its handle, and hides no other; where nobody listens, it is an `InfrastructureError`.
   */
  waiting(after?: string, unreadable?: (handle: string) => void): Promise<WaitingMessage[]>;
  /** Takes a message away for good; false when no message has the handle. */
  acknowledge(handle: string): Promise<boolean>;
};

/** Where credentials are kept. */
export type SecretStore = {
  /**
   * The credential under a name. It may be some minutes old unless `fresh` is set.
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
