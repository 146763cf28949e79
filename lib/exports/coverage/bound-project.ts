import { InputError, type Issue } from '../../domain/errors.ts';
import { isLoopback } from '../../domain/input/endpoints.ts';
import type { Target } from '../../domain/input/target.ts';
import type { BoundProject, TargetRow } from '../../domain/ledger/target-row.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';

/**
 * Throws an `InputError` when the settings name another project than the one whose windows the ledger has: the records of
 * the new project would count as exported already, and would be missed in silence.
 */
export function checkProject(target: Target, known: BoundProject): void {
  const issues = projectIssues(target, known);
  if (issues.length > 0) throw otherProject(target.id, issues);
}

/**
 * Throws an `InputError` when the credential turns out to be for another project than the one whose windows the ledger
 * has.
 */
export function checkCredentialProject(target: Target, found: string, known: string | undefined): void {
  if (isOther(found, known))
    throw otherProject(target.id, [issue('project_id (of the credential)', found, known ?? '')]);
}

/** Where the settings name another project than the one whose windows the ledger has. */
export function projectIssues(target: Target, known: BoundProject): Issue[] {
  const named = boundProject(target);
  return [
    ...(named.region === known.region ? [] : [issue('region', named.region, known.region)]),
    ...(isOther(named.projectId, known.projectId)
      ? [issue('project_id', named.projectId ?? '', known.projectId ?? '')]
      : []),
    ...(named.isLoopback === known.isLoopback
      ? []
      : [issue('endpoints.export', place(named.isLoopback), place(known.isLoopback))]),
  ];
}

/** The project that a target's settings name. */
export function boundProject({ region, projectId, endpoints }: Target): BoundProject {
  return {
    region,
    ...(projectId === undefined ? {} : { projectId }),
    isLoopback: endpoints.export !== undefined && isLoopback(endpoints.export),
  };
}

/** The row for the project that the settings name now. */
export function rebound(target: Target, { projectId: _, ...row }: TargetRow): TargetRow {
  return { ...row, ...boundProject(target) };
}

/**
 * Whether Huawei may have accepted an order of this window. Until there is such a window, the ledger has nothing of any
 * project, and a mistake in the first settings can be corrected under the same id.
 */
export function mayHaveTask({ state, taskId, attempt, orphans, failureKind }: WindowEntry): boolean {
  if (taskId !== undefined || attempt > 1 || orphans > 0) return true;
  if (state === 'lost') return false;
  return state !== 'failed' || !NEVER_ACCEPTED.includes(failureKind ?? '');
}

const NEVER_ACCEPTED = ['refused', 'credential', 'input', 'clock'];

function otherProject(id: string, issues: Issue[]): InputError {
  return new InputError(
    `The target "${id}" is now another project than the one whose windows the ledger has. Nothing is exported for it; ` +
      'another project needs another id, and a start_at where its coverage should begin:',
    issues.map((one) => ({ ...one, fix: 'give the other project another id, or undo the change' })),
  );
}

function isOther(named: string | undefined, known: string | undefined): boolean {
  return named !== undefined && known !== undefined && named !== known;
}

function issue(path: string, now: string, before: string): Issue {
  return { path, message: `is ${now}, and the windows are of ${before}` };
}

function place(isOnThisMachine: boolean): string {
  return isOnThisMachine ? 'a host on this machine' : "Huawei's host";
}
