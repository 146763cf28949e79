import { $ZodError } from 'zod/v4/core';
import { InfrastructureError } from '../../domain/errors.ts';
import { faultsOf } from '../../domain/faults.ts';
import { sortableText } from '../../domain/sortable-instant.ts';
import { recordFromJson } from '../../domain/stored-record.ts';
import { targetFromJson, targetToJson } from '../../domain/stored-target.ts';
import type { TargetRecord } from '../../domain/target-record.ts';
import type { WindowKey } from '../../domain/window-record.ts';
import type { Ledger } from '../../ports.ts';
import { attempt } from '../infrastructure-failure.ts';
import type { Row, Rows } from './rows.ts';
import { entryFromRow } from './window-entry.ts';
import { rowKey, windowRow } from './window-row.ts';

/** The ledger whose rows are `rows`. `place` is what errors call it, such as `the ledger table windows`. */
export function ledgerOf({ windows, targets, entries }: Rows, place: string): Ledger {
  return {
    find(key) {
      const action = `read ${windowName(key)} from ${place}`;
      return attempt(action, async () => {
        const json = await windows.read(rowKey(key));
        return json === undefined ? undefined : understood(action, 'the row', () => recordFromJson(json));
      });
    },
    save(record) {
      return attempt(`write ${windowName(record)} to ${place}`, () => windows.write(windowRow(record)));
    },
    list(targetId, after) {
      const action = `read the windows of target ${targetId} from ${place}`;
      return attempt(action, async () => {
        const rows = await entries(targetId, sortableText(after));
        return rows.map((row) =>
          understood(action, `the row ${row['window']}`, () => entryFromRow(targetId, row)),
        );
      });
    },
    findTarget(targetId) {
      const action = `read target ${targetId} from ${place}`;
      return attempt(action, async () => {
        const json = await targets.read({ target_id: targetId });
        return json === undefined ? undefined : understood(action, 'the row', () => targetFromJson(json));
      });
    },
    saveTarget(record) {
      return attempt(`write target ${record.targetId} to ${place}`, () => targets.write(targetRow(record)));
    },
  };
}

function windowName({ targetId, window }: Pick<WindowKey, 'targetId' | 'window'>): string {
  return `window ${window.start}/${window.end} of target ${targetId}`;
}

function targetRow(record: TargetRecord): Row {
  return {
    target_id: record.targetId,
    version: record.version,
    write_id: record.writeId,
    updated_at: record.updatedAt.toString(),
    record: targetToJson(record),
  };
}

function understood<Value>(action: string, row: string, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    const message = `Could not ${action}: ${row} is there but cannot be read: ${wrong(cause)}`;
    throw new InfrastructureError(message, { cause });
  }
}

function wrong(cause: unknown): string {
  if (!(cause instanceof $ZodError)) return String(cause);
  return faultsOf(cause)
    .map(({ path, problem }) => `${path} ${problem}`)
    .join('; ');
}
