import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { $ZodError } from 'zod/v4/core';
import { DamagedRowError, InfrastructureError } from '../../domain/errors.ts';
import { faultsOf } from '../../domain/faults.ts';
import { sortableText } from '../../domain/sortable-instant.ts';
import {
  alertBookFromJson,
  alertBookToJson,
  alertFromJson,
  alertToJson,
} from '../../domain/stored-alerts.ts';
import { recordFromJson } from '../../domain/stored-record.ts';
import { targetFromJson, targetToJson } from '../../domain/stored-target.ts';
import type { TargetRecord } from '../../domain/target-record.ts';
import { keyOf, type UnreadableRow, type WindowKey, type WindowRecord } from '../../domain/window-record.ts';
import type { Ledger } from '../../ports.ts';
import { attempt } from '../infrastructure-failure.ts';
import type { AlertKey, Row, Rows, RowTable, StoredRow } from './rows.ts';
import { entryFromRow, isWindowState } from './window-entry.ts';
import { rowKey, windowRow } from './window-row.ts';

/** The ledger whose rows are `rows`. `place` is what errors call it, such as `the ledger table windows`. */
export function ledgerOf({ windows, targets, alertBooks, alerts, entries }: Rows, place: string): Ledger {
  return {
    find(key) {
      const action = `read ${windowName(key)} from ${place}`;
      return attempt(action, async () => windowAt(action, key, await windows.read(rowKey(key))));
    },
    save(record) {
      return attempt(`write ${windowName(record)} to ${place}`, () => windows.write(windowRow(record)));
    },
    list(targetId, after) {
      const action = `read the windows of target ${targetId} from ${place}`;
      return attempt(action, async () => {
        const rows = await entries(targetId, sortableText(after));
        return rows.map((row) => entryFromRow(targetId, row));
      });
    },
    findTarget(targetId) {
      const action = `read target ${targetId} from ${place}`;
      return attempt(action, async () => targetAt(action, await targets.read({ target_id: targetId })));
    },
    saveTarget(record) {
      const row = rowOf(record, targetToJson(record));
      return attempt(`write target ${record.targetId} to ${place}`, () => targets.write(row));
    },
    findAlertBook(targetId) {
      const action = `read what is ordered for the alerts of target ${targetId} from ${place}`;
      return recordAt(action, () => alertBooks.read({ target_id: targetId }), alertBookFromJson);
    },
    saveAlertBook(book) {
      const action = `write what is ordered for the alerts of target ${book.targetId} to ${place}`;
      return attempt(action, () => alertBooks.write(rowOf(book, alertBookToJson(book))));
    },
    findAlert(targetId, alertId) {
      const action = `read alert ${alertId} of target ${targetId} from ${place}`;
      return recordAt(action, () => alerts.read(alertKey({ targetId, alertId })), alertFromJson);
    },
    saveAlert(record) {
      const action = `write alert ${record.alertId} of target ${record.targetId} to ${place}`;
      return attempt(action, () =>
        alerts.write({ ...rowOf(record, alertToJson(record)), ...alertKey(record) }),
      );
    },
  };
}

function windowName({ targetId, window }: Pick<WindowKey, 'targetId' | 'window'>): string {
  return `window ${window.start}/${window.end} of target ${targetId}`;
}

type Versioned = Pick<TargetRecord, 'targetId' | 'version' | 'writeId' | 'updatedAt'>;

function rowOf({ targetId, version, writeId, updatedAt }: Versioned, record: string): Row {
  const written = { version, write_id: writeId, updated_at: updatedAt.toString() };
  return { target_id: targetId, ...written, record };
}

function alertKey({ targetId, alertId }: { targetId: string; alertId: string }): AlertKey {
  return { target_id: targetId, alert: createHash('sha256').update(alertId).digest('hex').slice(0, 32) };
}

function recordAt<Value>(
  action: string,
  read: () => ReturnType<RowTable<never, never>['read']>,
  fromJson: (json: string) => Value,
): Promise<Value | undefined> {
  return attempt(action, async () => {
    const row = await read();
    return row && understood(action, () => fromJson(row.record));
  });
}

// A window can be exported again, so a row of one that is damaged holds up nothing else. One of a newer release may say
// more than this one knows, and a row without a version cannot be written over.
function windowAt(
  action: string,
  key: WindowKey,
  row: StoredRow | undefined,
): WindowRecord | UnreadableRow | undefined {
  if (!row) return undefined;
  const { version, attempt } = row;
  try {
    const record = recordFromJson(row.record);
    checkAgrees(record, key, row);
    return record;
  } catch (cause) {
    if (typeof version !== 'number' || isOfNewerRelease(row.record)) throw unreadable(action, cause);
    const atMost = { attempt: attemptOf(attempt, row.record) ?? version };
    return { state: 'unreadable', version, ...atMost, problem: wrong(cause) };
  }
}

// Writes go by what stands beside the record, and so do listings: where the two differ, nothing would ever come of the row.
function checkAgrees(record: WindowRecord, key: WindowKey, { version, state }: StoredRow): void {
  if (record.version !== version)
    throw new Error(`its version is ${record.version}, and the row's is ${version}`);
  if (isWindowState(state) && record.state !== state)
    throw new Error(`its state is ${record.state}, and the row's is ${state}`);
  const found = rowKey(keyOf(record));
  const asked = rowKey(key);
  if (found.target_id !== asked.target_id || found.window !== asked.window)
    throw new Error(`it is the record of ${windowName(record)}`);
}

// What it says follows from the target's windows, so one that is damaged can be made anew.
function targetAt(action: string, row: StoredRow | undefined): TargetRecord | undefined {
  if (!row) return undefined;
  try {
    return targetFromJson(row.record);
  } catch (cause) {
    const { version } = row;
    const error = unreadable(action, cause);
    if (typeof version !== 'number' || isOfNewerRelease(row.record)) throw error;
    throw new DamagedRowError(error.message, { version, cause });
  }
}

// Where nothing says it, the version is no less: each attempt is written, and another must not have an id that was sent.
function attemptOf(stored: unknown, record: string): number | undefined {
  const inRecord = z.looseObject({ attempt: z.int() }).safeParse(parsed(record)).data?.attempt;
  return typeof stored === 'number' ? stored : inRecord;
}

function isOfNewerRelease(record: string): boolean {
  return z.looseObject({ schema: z.int().check(z.gt(1)) }).safeParse(parsed(record)).success;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function understood<Value>(action: string, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    throw unreadable(action, cause);
  }
}

function unreadable(action: string, cause: unknown): InfrastructureError {
  return new InfrastructureError(
    `Could not ${action}: the row is there but cannot be read: ${wrong(cause)}`,
    { cause },
  );
}

function wrong(cause: unknown): string {
  if (!(cause instanceof $ZodError)) return String(cause);
  return faultsOf(cause)
    .map(({ path, problem }) => `${path} ${problem}`)
    .join('; ');
}
