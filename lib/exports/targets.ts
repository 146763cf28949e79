import { InputError } from '../domain/errors.ts';
import { NO_TARGET } from '../domain/exports/run-events.ts';
import { idPattern, suggestion } from '../domain/input/schema.ts';
import type { Target } from '../domain/input/target.ts';

/**
 * The targets of a run: the named one, or all enabled ones. Throws `InputError` for a target that is unknown or
 * disabled.
 */
export function selectTargets(targets: readonly Target[], id: string | undefined): Target[] {
  if (id === undefined) return targets.filter(({ enabled }) => enabled);
  const found = targets.find((target) => target.id === id);
  if (found?.enabled) return [found];
  const known = targets.filter(({ enabled }) => enabled).map((target) => target.id);
  const issue = found
    ? { message: `"${id}" is not enabled` }
    : { message: `"${id}" is not known`, fix: suggestion(id, known) };
  throw new InputError('There is no such target:', [{ path: 'target_id', ...issue }]);
}

/** The id of the target that an event names, known or not; `_none` where the event names none. */
export function targetNamed(event: unknown): string {
  const id =
    typeof event === 'object' && event !== null && 'target_id' in event ? event.target_id : undefined;
  const { success, data } = idPattern.safeParse(id);
  return success ? data : NO_TARGET;
}

/** The targets to show. A named target may be disabled: only running such a target is an error. */
export function targetsToShow(targets: readonly Target[], id: string | undefined): Target[] {
  const found = targets.find((target) => target.id === id);
  return found ? [found] : selectTargets(targets, id);
}
