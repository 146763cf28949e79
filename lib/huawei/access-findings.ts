import type { Credential } from '../domain/credential.ts';
import { ExportError } from '../domain/errors.ts';
import { type Finding, skipped } from '../domain/finding.ts';
import type { Target } from '../domain/target.ts';
import type { JudgeProject } from '../ports.ts';
import type { Access } from './access-probe.ts';
import { exportFinding, listFinding } from './permission-findings.ts';
import { knownProject, projectFinding } from './project-finding.ts';
import { acceptedFinding, refusedFinding } from './token-finding.ts';

type Context = { target: Target; credential: Credential; judgeProject?: JudgeProject | undefined };

/** What using a credential has shown, check by check. */
export function accessFindings(access: Access, context: Context): Finding[] {
  const { target, credential } = context;
  if ('refusedBy' in access) {
    return [
      refusedFinding(access, context),
      knownProject(target) ?? skipped('project', 'It would be learnt from the token.'),
      ...skippedPermissions('The credential is not taken.'),
    ];
  }
  const { list, order } = access;
  const project = projectFinding(access, context);
  return [
    acceptedFinding(credential, [list, order].some(isTaken)),
    project,
    ...(project.status === 'failed'
      ? skippedPermissions('The project is not right.')
      : [
          order ? exportFinding(order, target) : skipped('export_permission', 'Its host cannot be used.'),
          list ? listFinding(list, target) : skipped('list_permission', 'Its host cannot be used.'),
        ]),
  ];
}

function skippedPermissions(why: string): Finding[] {
  return [skipped('export_permission', why), skipped('list_permission', why)];
}

// Whatever the gateway says but 401, 429 and 5xx it says after it has looked at the credential.
function isTaken(came: Granted['list'] | Granted['order']): boolean {
  if (!(came instanceof ExportError)) return came !== undefined;
  return came.vendor !== undefined && came.vendor.status !== 401 && came.kind !== 'unavailable';
}

type Granted = Exclude<Access, { refusedBy: string }>;
