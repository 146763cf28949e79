import type { TargetRecord } from '../../domain/target-record.ts';
import type { Observe } from '../../ports.ts';

/** Tells that a target's coverage begins: once in its life, unless the run has the wrong state. */
export function reportStarted(
  observe: Observe,
  { before, after }: { before: TargetRecord | undefined; after: TargetRecord },
): void {
  if (before?.coveredFrom || !after.coveredFrom) return;
  observe({ type: 'coverage_started', targetId: after.targetId, from: after.coveredFrom });
}
