import { Temporal } from 'temporal-polyfill';
import type { TargetRow } from '../../../lib/domain/ledger/target-row.ts';

const at = Temporal.Instant.from;

/** What is kept of the target `acme-prod` after its first run, as a first write, unless told otherwise. */
export function targetRecord(differing: Partial<TargetRow> = {}): TargetRow {
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
