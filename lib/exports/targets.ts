import { InputError } from '../domain/errors.ts';
import type { Target } from '../domain/target.ts';
import { suggestion } from '../domain/written-object.ts';

/** The targets of a run: the one that is named, or all that are enabled. A name that is unknown or disabled is an error. */
export function selectTargets(targets: readonly Target[], id: string | undefined): Target[] {
  if (id === undefined) return targets.filter(({ enabled }) => enabled);
  const found = targets.find((target) => target.id === id);
  if (found?.enabled) return [found];
  const known = targets.filter(({ enabled }) => enabled).map((target) => target.id);
  const problem = found ? 'is not enabled' : `is not known; ${suggestion(id, known)}`;
  throw new InputError('There is no such target:', [{ path: 'target_id', problem: `"${id}" ${problem}` }]);
}

/** The targets to look at: one that is named may be disabled, because looking at it is no mistake; running it is one. */
export function targetsToLookAt(targets: readonly Target[], id: string | undefined): Target[] {
  const found = targets.find((target) => target.id === id);
  return found ? [found] : selectTargets(targets, id);
}
