import { ExportError } from './errors.ts';

/**
 * Huawei's task list answers and has not said for a day how an export ended: look whether its file was fetched, while Huawei
 * still has the records.
 */
export class UnconfirmedError extends ExportError {
  static override readonly name = 'UnconfirmedError';
  override readonly name = 'UnconfirmedError';
  readonly kind = UNCONFIRMED;
}

/** The kind of `UnconfirmedError`; the ledger knows by it that it was told. */
export const UNCONFIRMED = 'unconfirmed';
