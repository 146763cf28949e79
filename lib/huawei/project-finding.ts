import { type Finding, failed, ok } from '../domain/finding.ts';
import type { Target } from '../domain/target.ts';
import type { JudgeProject } from '../ports.ts';
import type { Access } from './access-probe.ts';
import { vendorText } from './error-reply.ts';

type Granted = Exclude<Access, { refusedBy: string }>;

/** The project that the settings name. Undefined where it is to be learnt. */
export function knownProject({ projectId }: Target): Finding | undefined {
  return projectId === undefined ? undefined : ok('project', `${projectId}, as the settings say.`);
}

type Context = { target: Target; judgeProject?: JudgeProject | undefined };

/** Whether the gateway knows the project, lets the user into it, and a project that was learnt is the right one. */
export function projectFinding(
  { projectId, list, order }: Granted,
  { target, judgeProject }: Context,
): Finding {
  const [refusal] = [order, list].flatMap((came) =>
    came instanceof Error && came.vendor && UNKNOWN.test(came.vendor.code ?? '') ? [came.vendor] : [],
  );
  if (!refusal)
    return (
      knownProject(target) ??
      judgeProject?.(projectId) ??
      ok('project', `${projectId}, learnt from the token.`)
    );
  return failed(
    'project',
    `Huawei does not let the user into project ${projectId}: ${vendorText(refusal)}.`,
    `Check that project_id is that of ${target.region} in the user's account, and that the user may enter this region.`,
  );
}

// Project unavailable; IAM user forbidden in this region (error codes of the gateway, Open Telekom Cloud's copy).
const UNKNOWN = /^APIGW?\.(0310|0802)$/;
