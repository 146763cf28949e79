import { isLoopback } from '../../domain/input/endpoints.ts';
import { InputError, type Issue } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import type { BoundProject, TargetRow } from '../../domain/ledger/target-row.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';

/** The project that a target's settings name. */
export function boundProject({ region, projectId, endpoints }: Target): BoundProject {
  return {
    region,
    ...(projectId === undefined ? {} : { projectId }),
    isLoopback: endpoints.export !== undefined && isLoopback(endpoints.export),
  };
}

/**
 * Whether a row tells of an order that Huawei may have taken. Until there is one, no window is of any project yet, and a
 * slip in the first settings may be put right under the same id.
 */
export function mayHaveTask({ state, taskId, attempt, orphans, failureKind }: WindowEntry): boolean {
  if (taskId !== undefined || attempt > 1 || orphans > 0) return true;
  if (state === 'lost') return false;
  return state !== 'failed' || !NEVER_TAKEN.includes(failureKind ?? '');
}

const NEVER_TAKEN = ['refused', 'credential', 'input', 'clock'];

/** The row for the project that the settings name now. */
export function rebound(target: Target, { projectId: _, ...record }: TargetRow): TargetRow {
  return { ...record, ...boundProject(target) };
}

/**
 * Throws an `InputError` when the settings name another project than the ledger has windows of: its records would count
 * as exported already, and be missed without a word.
 */
export function checkProject(target: Target, known: BoundProject): void {
  const issues = projectIssues(target, known);
  if (issues.length > 0) throw otherProject(target.id, issues);
}

/** In what the settings name another project than the ledger has windows of. */
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

/** Throws an `InputError` when Huawei's token turns out to be for another project than the ledger has windows of. */
export function checkLearntProject(target: Target, learnt: string, known: string | undefined): void {
  if (isOther(learnt, known))
    throw otherProject(target.id, [issue('project_id (of the credential)', learnt, known ?? '')]);
}

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
