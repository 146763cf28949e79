import { asExportError } from '../../domain/errors.ts';
import { type Finding, ok } from '../../domain/finding.ts';
import type { Target } from '../../domain/target.ts';
import { checkLearntProject, checkProject } from '../scheduled/bound-project.ts';
import { inputFinding } from './input-finding.ts';
import type { StoredTarget } from './stored-target.ts';

/** Whether the settings still name the project that the ledger has windows of. */
export function settingsFinding(target: Target, { record }: StoredTarget): Finding {
  const { region, window } = target;
  const length = window.every.unit === 'day' ? 'a day' : `${window.every.minutes} minutes`;
  return (
    failureOf('settings', () => record && checkProject(target, record)) ??
    ok('settings', `Region ${region}, windows of ${length} (${window.timeZone}).`)
  );
}

/** What is wrong with the project that the credential turned out to be for, if it is not the ledger's. */
export function learntFinding(
  target: Target,
  projectId: string,
  { record }: StoredTarget,
): Finding | undefined {
  return failureOf('project', () => checkLearntProject(target, projectId, record?.projectId));
}

function failureOf(check: 'settings' | 'project', look: () => void): Finding | undefined {
  try {
    look();
    return undefined;
  } catch (thrown) {
    return inputFinding(check, asExportError(thrown), FIX);
  }
}

const FIX = 'Give the other project another id, or undo the change.';
