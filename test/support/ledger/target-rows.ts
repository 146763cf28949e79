import { Temporal } from 'temporal-polyfill';
import type { TargetRow } from '../../../lib/domain/ledger/target-row.ts';

const at = Temporal.Instant.from;

/** The row of the target `acme-prod` after its first run, as at its first write, with changes. */
export function targetRow(differing: Partial<TargetRow> = {}): TargetRow {
  return {
    targetId: 'acme-prod',
    region: 'ap-southeast-3',
    isLoopback: false,
    coveredFrom: at('2026-11-22T00:00:00Z'),
    coveredUntil: at('2026-11-23T00:00:00.123456789Z'),
    version: 1,
    writeId: 'write-1',
    updatedAt: at('2026-11-23T00:35:01.5Z'),
    ...differing,
  };
}
