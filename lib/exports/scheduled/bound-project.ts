import { isLoopback } from '../../domain/endpoints.ts';
import { type Fault, InputError } from '../../domain/errors.ts';
import type { Target } from '../../domain/target.ts';
import type { BoundProject } from '../../domain/target-record.ts';

/** The project that a target's settings name. */
export function boundProject({ region, projectId, endpoints }: Target): BoundProject {
  return {
    region,
    ...(projectId === undefined ? {} : { projectId }),
    isLoopback: endpoints.export !== undefined && isLoopback(endpoints.export),
  };
}

/**
 * Throws an `InputError` when the settings name another project than the ledger has windows of: its records would count
 * as exported already, and be missed without a word.
 */
export function checkProject(target: Target, known: BoundProject): void {
  const faults = projectFaults(target, known);
  if (faults.length > 0) throw otherProject(target.id, faults);
}

/** In what the settings name another project than the ledger has windows of. */
export function projectFaults(target: Target, known: BoundProject): Fault[] {
  const named = boundProject(target);
  return [
    ...(named.region === known.region ? [] : [fault('region', named.region, known.region)]),
    ...(isOther(named.projectId, known.projectId)
      ? [fault('project_id', named.projectId ?? '', known.projectId ?? '')]
      : []),
    ...(named.isLoopback === known.isLoopback
      ? []
      : [fault('endpoints.export', place(named.isLoopback), place(known.isLoopback))]),
  ];
}

/** Throws an `InputError` when Huawei's token turns out to be for another project than the ledger has windows of. */
export function checkLearntProject(target: Target, learnt: string, known: string | undefined): void {
  if (isOther(learnt, known))
    throw otherProject(target.id, [fault('project_id (of the credential)', learnt, known ?? '')]);
}

function otherProject(id: string, faults: Fault[]): InputError {
  return new InputError(
    `The target "${id}" is now another project than the one whose windows the ledger has. Nothing is exported for it; ` +
      'another project needs another id:',
    faults,
  );
}

function isOther(named: string | undefined, known: string | undefined): boolean {
  return named !== undefined && known !== undefined && named !== known;
}

function fault(path: string, now: string, before: string): Fault {
  return { path, problem: `is ${now}, and the windows are of ${before}` };
}

function place(isOnThisMachine: boolean): string {
  return isOnThisMachine ? 'a host on this machine' : "Huawei's host";
}
