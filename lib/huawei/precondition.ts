import type { Credential } from '../domain/credential.ts';
import { type Finding, failed, skipped } from '../domain/finding.ts';
import type { Target } from '../domain/target.ts';
import type { HostName } from './host-probe.ts';
import { knownProject } from './project-finding.ts';

/** Why a credential cannot even be tried, or undefined when it can. */
export function obstacleTo(
  credential: Credential,
  { projectId }: Target,
  isUsable: (host: HostName) => boolean,
): string | undefined {
  if (credential.kind === 'password')
    return isUsable('iam') ? undefined : 'The host that gives tokens cannot be used.';
  if (projectId === undefined) return 'Without a project_id there is nothing to call.';
  return isUsable('export') || isUsable('tasks') ? undefined : 'Neither host that would take it can be used.';
}

/** What is to be said of the checks behind an precondition. */
export function obstacleFindings(
  target: Target,
  credential: Credential | undefined,
  precondition: string,
): Finding[] {
  const needsProject = credential !== undefined && credential.kind !== 'password';
  return [
    skipped('token', precondition),
    knownProject(target) ??
      (needsProject
        ? failed(
            'project',
            `A credential of kind "${credential.kind}" does not say which project it is for.`,
            FIX,
          )
        : skipped('project', 'It would be learnt from the token.')),
    skipped('export_permission', precondition),
    skipped('list_permission', precondition),
  ];
}

const FIX = 'Set project_id of the target; in the console it stands under "My Credentials", a line a region.';
