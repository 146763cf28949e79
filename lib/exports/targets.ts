import { InputError } from '../domain/errors.ts';
import { NO_TARGET } from '../domain/exports/events.ts';
import { idPattern, suggestion } from '../domain/input/schema.ts';
import type { Target } from '../domain/input/target.ts';

/** The targets of a run: the one that is named, or all that are enabled. A name that is unknown or disabled is an error. */
export function selectTargets(targets: readonly Target[], id: string | undefined): Target[] {
  if (id === undefined) return targets.filter(({ enabled }) => enabled);
  const found = targets.find((target) => target.id === id);
  if (found?.enabled) return [found];
  const known = targets.filter(({ enabled }) => enabled).map((target) => target.id);
  const message = found ? 'is not enabled' : `is not known; ${suggestion(id, known)}`;
  throw new InputError('There is no such target:', [{ path: 'target_id', message: `"${id}" ${message}` }]);
}

/** The id of the one target that an event names, if it could be one; `_none` otherwise. It need not be known. */
export function targetNamed(event: unknown): string {
  const id =
    typeof event === 'object' && event !== null && 'target_id' in event ? event.target_id : undefined;
  const { success, data } = idPattern.safeParse(id);
  return success ? data : NO_TARGET;
}

/** The targets to look at: one that is named may be disabled, because looking at it is no mistake; running it is one. */
export function targetsToLookAt(targets: readonly Target[], id: string | undefined): Target[] {
  const found = targets.find((target) => target.id === id);
  return found ? [found] : selectTargets(targets, id);
}
