import { type Issue, issueLine } from './issue.ts';
import { visible } from './visible-text.ts';

export type { Issue } from './issue.ts';

/** What Huawei said when it refused, unchanged, so that it can be looked up or quoted to their support. */
export type VendorReply = { status: number; code?: string; message?: string; requestId?: string };

type Details = { cause?: unknown; vendor?: VendorReply | undefined; fix?: string | undefined };

/**
 * The root of every error this project raises on purpose. Subclasses are cut by what the reader does next;
 * `kind` is that answer in one word and stands in logs, in the ledger and in `--json` output. `message` is the summary
 * and, where there is one, the fix. Messages quote what others wrote, and Lambda's own runtime prints them, so control
 * characters are made visible here.
 *
 * The class has its name as a text, too: Lambda's JSON log reports a class's own name, which a minifier shortens.
 */
export abstract class ExportError extends Error {
  static override readonly name: string = 'ExportError';
  override readonly name: string;
  abstract readonly kind: string;
  /** What happened, in whole sentences. */
  readonly summary: string;
  /** What a person can do about it, in whole sentences. */
  readonly fix: string | undefined;
  readonly vendor: VendorReply | undefined;

  constructor(summary: string, { cause, vendor, fix }: Details = {}) {
    super(visible(fix ? `${summary} ${fix}` : summary), cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.summary = visible(summary);
    this.fix = fix && visible(fix);
    this.vendor = vendor;
  }
}

/** Settings, a secret, an event or an argument is wrong: fix what was written. Lists every issue at once. */
export class InputError extends ExportError {
  static override readonly name: string = 'InputError';
  readonly kind = 'input';
  /** What was read, as in "Invalid targets file acme.yml:". */
  readonly subject: string;
  readonly issues: readonly Issue[];

  constructor(subject: string, issues: readonly Issue[]) {
    super([subject, ...issues.map(issueLine)].join('\n'));
    this.subject = subject;
    this.issues = issues;
  }

  /** The same error about these issues. */
  withIssues(issues: readonly Issue[]): InputError {
    return new InputError(this.subject, issues);
  }
}

/** Huawei does not accept the credential: fix the secret or the user behind it. Never repeated, accounts get locked. */
export class CredentialError extends ExportError {
  static override readonly name = 'CredentialError';
  readonly kind = 'credential';
}

/** Huawei understood and said no (permission, wrong host, bad filter): fix the set-up. Repeating it changes nothing. */
export class RefusedError extends ExportError {
  static override readonly name = 'RefusedError';
  readonly kind = 'refused';
}

/**
 * Why Huawei cannot be had just now. `unreachable`: no connection, or one that broke off; `timeout`: no answer in time;
 * `server_error`: 5xx; `throttled`: 429; `busy`: 408, 409, 423 or 425 (one export at a time); `middlebox`: a proxy or
 * a firewall answered; `proxy_refused`: the proxy opens no connection; the others: no name server knows the host, or
 * TLS failed.
 */
export type UnavailableReason =
  | 'unreachable'
  | 'unknown_name'
  | 'untrusted_certificate'
  | 'no_tls'
  | 'proxy_refused'
  | 'timeout'
  | 'server_error'
  | 'throttled'
  | 'busy'
  | 'middlebox';

type Unavailable = Details & { reason: UnavailableReason; isOfLogin?: boolean; mayHaveArrived?: boolean };

/** Huawei, or the way to it, is down, busy or throttling: a later run may succeed. */
export class UnavailableError extends ExportError {
  static override readonly name = 'UnavailableError';
  readonly kind = 'unavailable';
  readonly reason: UnavailableReason;
  /** It is IAM that could not be had, for a token, and not the host of the call itself. */
  readonly isOfLogin: boolean;
  /** The call may have been done all the same: it was sent, once at least, and no answer came, or one that says nothing of it (5xx but 503). */
  readonly mayHaveArrived: boolean;

  constructor(
    message: string,
    { reason, isOfLogin = false, mayHaveArrived = false, ...details }: Unavailable,
  ) {
    super(message, details);
    this.reason = reason;
    this.isOfLogin = isOfLogin;
    this.mayHaveArrived = mayHaveArrived;
  }
}

/** Huawei answered with success but not with what it documents: tell the vendor. Never repeated. */
export class MalformedReplyError extends ExportError {
  static override readonly name = 'MalformedReplyError';
  readonly kind = 'malformed_reply';
}

/** Huawei accepted the export and its task then failed, or expired before anybody fetched the file: a gap again. */
export class TaskFailedError extends ExportError {
  static override readonly name = 'TaskFailedError';
  readonly kind = TASK_FAILED;
}

/** Nobody knows how a task ended, and the 30 days are over: look whether its file was fetched. */
export class NeverConfirmedError extends ExportError {
  static override readonly name = 'NeverConfirmedError';
  readonly kind = NEVER_CONFIRMED;
}

/** The kind of `NeverConfirmedError`; the ledger knows by it that it was told. */
export const NEVER_CONFIRMED = 'never_confirmed';

/** A task was ordered before its window was over, by a clock of ours that was ahead: a gap again, and no issue of Huawei's. */
export class TooEarlyError extends ExportError {
  static override readonly name = 'TooEarlyError';
  readonly kind = TOO_EARLY;
}

/** The kind of `TooEarlyError`: the next export is another task with another message. No window is exhausted for it. */
export const TOO_EARLY = 'too_early';

/** The kind of `TaskFailedError`; the ledger knows by it that the next export is another attempt. */
export const TASK_FAILED = 'task_failed';

/** The run's time was over, or somebody stopped it. What is not done is done by the next run. */
export class InterruptedError extends ExportError {
  static override readonly name = 'InterruptedError';
  readonly kind = 'interrupted';
  /** It was stopped while it logged in, before the call itself was made: nothing was asked for. */
  readonly isBeforeCall: boolean;

  constructor(
    message: string,
    { isBeforeCall = false, ...details }: Details & { isBeforeCall?: boolean } = {},
  ) {
    super(message, details);
    this.isBeforeCall = isBeforeCall;
  }
}

/** Nobody can say for sure what time it is at Huawei: set the machine's clock, or check the endpoints. Nothing is lost by it. */
export class ClockError extends ExportError {
  static override readonly name = 'ClockError';
  readonly kind = 'clock';
}

/** Our own ledger, queue or secret store failed: fix the deployment. */
export class InfrastructureError extends ExportError {
  static override readonly name: string = 'InfrastructureError';
  readonly kind = 'infrastructure';
}

/** A row of the ledger is damaged, and may be written over on top of its `version`. */
export class DamagedRowError extends InfrastructureError {
  static override readonly name = 'DamagedRowError';
  readonly version: number;

  constructor(message: string, { version, cause }: { version: number; cause: unknown }) {
    super(message, { cause });
    this.version = version;
  }
}

/** Something this project did not foresee: tell its maintainers. */
export class UnexpectedError extends ExportError {
  static override readonly name = 'UnexpectedError';
  readonly kind = 'unexpected';
}

/** Whatever was thrown, as an error of this project. */
export function asExportError(error: unknown): ExportError {
  if (error instanceof ExportError) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new UnexpectedError(`Something unforeseen happened. ${message}`, { cause: error });
}
