import { InputError } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import { readTargetsFile } from '../../settings/files.ts';

type Select = (targets: readonly Target[], id: string | undefined) => Target[];

/**
 * The targets of a command: those of the file that `select` takes. Throws an `InputError` where it takes none: the person
 * has named the wrong file, or does not know that all targets are disabled.
 */
export async function readTargets(
  { targets: file, target: id }: { targets: string; target?: string },
  select: Select,
): Promise<Target[]> {
  const targets = select(await readTargetsFile(file), id);
  if (targets.length > 0) return targets;
  const issue = { path: file, message: 'has no enabled target', fix: 'set enabled: true for a target' };
  throw new InputError('Nothing to export:', [issue]);
}
