import { ExportError, InfrastructureError } from '../domain/errors.ts';

/**
 * Runs what talks to a store or queue of ours. What fails in it becomes an `InfrastructureError` that says what was
 * being done to what (`action`) and what the SDK or the database said; an error that is ours already stays as it is.
 */
export async function wrapErrors<Value>(action: string, run: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await run();
  } catch (cause) {
    throw cause instanceof ExportError ? cause : infrastructureError(action, cause);
  }
}

export function infrastructureError(action: string, cause: unknown): InfrastructureError {
  return new InfrastructureError(`Could not ${action}: ${messageOf(cause)}`, { cause });
}

// A refused connection to a name with several addresses has a code and no message.
function messageOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause ? String(cause.code) : 'no more is known';
  const said = `${cause.name}: ${cause.message || code}`;
  return isBusy(cause) ? `${said}. Another process holds the file; try again when it is done` : said;
}

// SQLITE_BUSY and SQLITE_LOCKED (sqlite.org/rescode.html); extended codes carry the plain one in their low byte.
function isBusy(cause: Error): boolean {
  return 'errcode' in cause && [5, 6].includes(Number(cause.errcode) & 0xff);
}
