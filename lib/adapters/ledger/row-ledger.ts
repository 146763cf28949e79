import { createHash } from 'node:crypto';
import { sortableText } from '../../domain/sortable-instant.ts';
import {
  alertBookFromJson,
  alertBookToJson,
  alertFromJson,
  alertToJson,
} from '../../domain/stored-alerts.ts';
import { targetToJson } from '../../domain/stored-target.ts';
import type { TargetRecord } from '../../domain/target-record.ts';
import { numberOf, type WindowKey } from '../../domain/window-record.ts';
import type { Ledger } from '../../ports.ts';
import { attempt } from '../infrastructure-failure.ts';
import { unreadable } from './row-problem.ts';
import type { AlertKey, Row, Rows, RowTable } from './rows.ts';
import { targetFromRow } from './target-from-row.ts';
import { entryFromRow } from './window-entry.ts';
import { windowFromRow } from './window-from-row.ts';
import { rowKey, windowRow } from './window-row.ts';

/** The ledger whose rows are `rows`. `place` is what errors call it, such as `the ledger table windows`. */
export function ledgerOf({ windows, targets, alertBooks, alerts, entries }: Rows, place: string): Ledger {
  return {
    find(key) {
      const action = `read ${windowName(key, numberOf(key.series))} from ${place}`;
      return attempt(action, async () => {
        const row = await windows.read(rowKey(key));
        return row && windowFromRow(action, key, row);
      });
    },
    save(record) {
      const action = `write ${windowName(record, record.order?.number)} to ${place}`;
      return attempt(action, () => windows.write(windowRow(record)));
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
      return attempt(action, async () => {
        const row = await targets.read({ target_id: targetId });
        return row && targetFromRow(action, row);
      });
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

// Of an export for alerts whose columns are damaged, the number is all that is known.
function windowName({ targetId, window }: Pick<WindowKey, 'targetId' | 'window'>, number?: number): string {
  const named = number === undefined ? `window ${window.start}/${window.end}` : `export ${number} for alerts`;
  return `${named} of target ${targetId}`;
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
    try {
      return row && fromJson(row.record);
    } catch (cause) {
      throw unreadable(action, cause);
    }
  });
}
