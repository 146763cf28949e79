import type { TargetRecord } from '../../domain/target-record.ts';
import type { Observe } from '../../ports.ts';

/** Tells that a target's coverage begins: once in its life, unless the run has the wrong state. */
export function tellBegun(
  observe: Observe,
  { before, after }: { before: TargetRecord | undefined; after: TargetRecord },
): void {
  if (before?.origin || !after.origin) return;
  observe({ type: 'coverage_begun', targetId: after.targetId, from: after.origin });
}
