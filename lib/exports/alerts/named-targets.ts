import { InputError, type Issue } from '../../domain/errors.ts';
import { suggestion } from '../../domain/strict-object.ts';
import type { Target } from '../../domain/target.ts';

/** The targets that an alert names. Ids that are unknown or disabled are one error, which lists them all. */
export function namedTargets(targets: readonly Target[], ids: readonly string[]): Target[] {
  const found = new Set<Target>();
  const issues: Issue[] = [];
  for (const [index, id] of ids.entries()) {
    const target = targets.find((one) => one.id === id);
    if (target?.enabled) found.add(target);
    else issues.push({ path: `detail.target_ids[${index}]`, message: messageFor(id, target, targets) });
  }
  if (issues.length > 0) throw new InputError('The alert names targets that cannot be exported:', issues);
  return [...found];
}

function messageFor(id: string, found: Target | undefined, targets: readonly Target[]): string {
  if (found) return `"${id}" is not enabled`;
  const enabled = targets.filter((target) => target.enabled).map((target) => target.id);
  return `"${id}" is not known; ${suggestion(id, enabled)}`;
}
