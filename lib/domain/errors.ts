import { type Issue, issueLine } from './issue.ts';
import { visible } from './visible-text.ts';

export type { Issue } from './issue.ts';

/** What Huawei said when it refused, unchanged, so that it can be searched for or quoted to their support. */
export type VendorReply = { status: number; code?: string; message?: string; requestId?: string };

type Details = { cause?: unknown; vendor?: VendorReply | undefined; fix?: string | undefined };

/**
 * The root of every error that this project raises on purpose. There is a subclass for each thing that the reader may have
 * to do next; `kind` names it in logs, in the ledger and in `--json` output. `message` is the summary and, where there is
 * one, the fix. Messages contain text of others, and Lambda's runtime prints messages, so control characters are escaped
 * here.
 *
 * Each class has a static `name`, too: Lambda's JSON log reports the name of the class, which a minifier shortens.
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

/** Huawei does not accept the credential: fix the secret or its user. Never repeated, because accounts get locked. */
export class CredentialError extends ExportError {
  static override readonly name = 'CredentialError';
  readonly kind = 'credential';
}

/** Huawei refused the call (permission, wrong host, bad filter): fix the set-up. Repeating the call changes nothing. */
export class RefusedError extends ExportError {
  static override readonly name = 'RefusedError';
  readonly kind = 'refused';
}

/**
 * Why Huawei is not available. `unreachable`: no connection, or one that broke off; `timeout`: no answer in time;
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

/** Huawei, or the network path to it, is down, busy or throttling: a later run may succeed. */
export class UnavailableError extends ExportError {
  static override readonly name = 'UnavailableError';
  readonly kind = 'unavailable';
  readonly reason: UnavailableReason;
  /** IAM was not available for a token, and the call itself was not made. */
  readonly isOfLogin: boolean;
  /** The call may have been carried out: it was sent, and the answer is missing or leaves it open (5xx but 503). */
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

/** Huawei answered with success, but not as documented: report it to the vendor. Never repeated. */
export class MalformedReplyError extends ExportError {
  static override readonly name = 'MalformedReplyError';
  readonly kind = 'malformed_reply';
}

/** The run's time was over, or somebody stopped it. The next run does the rest. */
export class InterruptedError extends ExportError {
  static override readonly name = 'InterruptedError';
  readonly kind = 'interrupted';
  /** The run was stopped while it logged in: the call itself was not made. */
  readonly isBeforeCall: boolean;

  constructor(
    message: string,
    { isBeforeCall = false, ...details }: Details & { isBeforeCall?: boolean } = {},
  ) {
    super(message, details);
    this.isBeforeCall = isBeforeCall;
  }
}

/** The time at Huawei is not known for sure: set the machine's clock, or check the endpoints. Nothing is lost by this. */
export class ClockError extends ExportError {
  static override readonly name = 'ClockError';
  readonly kind = 'clock';
}

/** Our own ledger, queue or secret store failed: fix the deployment. */
export class InfrastructureError extends ExportError {
  static override readonly name: string = 'InfrastructureError';
  readonly kind = 'infrastructure';
}

/** A row of the ledger is damaged, and may be overwritten on top of its `version`. */
export class DamagedRowError extends InfrastructureError {
  static override readonly name = 'DamagedRowError';
  readonly version: number;

  constructor(message: string, { version, cause }: { version: number; cause: unknown }) {
    super(message, { cause });
    this.version = version;
  }
}

/** An unexpected failure of this program: report it to its maintainers. */
export class UnexpectedError extends ExportError {
  static override readonly name = 'UnexpectedError';
  readonly kind = 'unexpected';
}

/** Any thrown value as an error of this project. */
export function asExportError(error: unknown): ExportError {
  if (error instanceof ExportError) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new UnexpectedError(`Something unforeseen happened. ${message}`, { cause: error });
}
