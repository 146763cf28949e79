import { type Check, failed, ok, skipped } from '../../domain/check.ts';
import { ExportError, UnavailableError } from '../../domain/errors.ts';
import type { Credential } from '../../domain/input/credential.ts';
import type { Target } from '../../domain/input/target.ts';
import type { JudgeProject } from '../../ports.ts';
import { hostsOf } from '../http/endpoints.ts';
import { unavailableAdvice, vendorText } from '../http/errors.ts';
import type { Access } from './access.ts';
import { exportCheck, listCheck } from './permission-checks.ts';

type Context = { target: Target; credential: Credential; judgeProject?: JudgeProject | undefined };

/** What using a credential has shown, check by check. */
export function accessChecks(access: Access, context: Context): Check[] {
  const { target, credential } = context;
  if ('refusedBy' in access) {
    return [
      refusedCheck(access, context),
      knownProject(target) ?? skipped('project', 'It would be learnt from the token.'),
      ...skippedPermissions('The credential is not taken.'),
    ];
  }
  const { list, order } = access;
  const project = projectCheck(access, context);
  return [
    acceptedCheck(credential, [list, order].some(isTaken)),
    project,
    ...(project.status === 'failed'
      ? skippedPermissions('The project is not right.')
      : [
          order ? exportCheck(order, target) : skipped('export_permission', 'Its host cannot be used.'),
          list ? listCheck(list, target) : skipped('list_permission', 'Its host cannot be used.'),
        ]),
  ];
}

function skippedPermissions(why: string): Check[] {
  return [skipped('export_permission', why), skipped('list_permission', why)];
}

// Whatever the gateway says but 401, 429 and 5xx it says after it has looked at the credential.
function isTaken(came: Granted['list'] | Granted['order']): boolean {
  if (!(came instanceof ExportError)) return came !== undefined;
  return came.vendor !== undefined && came.vendor.status !== 401 && came.kind !== 'unavailable';
}

type Granted = Exclude<Access, { refusedBy: string }>;

/** A credential that got no refusal; `isTaken`: a host of Huawei's has looked at it. */
function acceptedCheck({ kind }: Credential, isTaken: boolean): Check {
  if (isTaken) return ok('token', TAKEN[kind]);
  return kind === 'password'
    ? ok('token', 'IAM gave a token for the password; no host was there to take it.')
    : skipped('token', 'No host was there to take it.');
}

/** A credential that is refused, and what to do about it. */
function refusedCheck({ refusedBy, error }: Refused, context: Context): Check {
  const { target } = context;
  const { vendor } = error;
  const host = refusedBy === 'iam' ? hostsOf(target.region, target.endpoints).iam : "Huawei's gateway";
  const message = vendor ? `${host} does not let ${who(context)} in: ${vendorText(vendor)}.` : error.message;
  return failed('token', message, fixOf({ refusedBy, error }, context));
}

type Refused = Extract<Access, { refusedBy: string }>;

const TAKEN: Record<Credential['kind'], string> = {
  password: 'IAM gave a token for the password, and Huawei takes it.',
  token: 'Huawei takes the token.',
  access_key: 'Huawei takes what the access key signs.',
};

function who({ credential, target }: Context): string {
  switch (credential.kind) {
    case 'password':
      return `the user "${credential.user}" of account "${credential.domain}"`;
    case 'token':
      return `the token of the secret "${target.credential}"`;
    case 'access_key':
      return `the access key ${credential.access_key_id}`;
  }
}

function fixOf({ refusedBy, error }: Refused, context: Context): string {
  if (error instanceof UnavailableError) return unavailableAdvice(error);
  return refusedBy === 'iam' ? fixAtIam(error, context) : fixAtGateway(error, context);
}

const ONCE = 'It was tried once only, because accounts and keys get locked.';

function fixAtIam(error: ExportError, { target }: Context): string {
  const secret = `the secret "${target.credential}"`;
  if (error.vendor?.status !== 401)
    return `Give the user of ${secret} programmatic access without login protection by MFA, and a role in the project ${target.projectId ?? target.region}.`;
  return /locked/i.test(error.vendor.message ?? '')
    ? `Let nothing log in with this user for 15 minutes, and put domain, user and password right in ${secret} before.`
    : `CheckName domain (the account's name), user and password in ${secret}. ${ONCE}`;
}

function fixAtGateway({ vendor }: ExportError, { target, credential }: Context): string {
  const secret = `the secret "${target.credential}"`;
  switch (credential.kind) {
    case 'password':
      return 'CheckName that endpoints.iam is of the same cloud and region as the other hosts: the token was given out just now.';
    case 'token':
      return `Put a fresh token for this project into ${secret}; whoever keeps it fresh may have stopped.`;
    case 'access_key':
      return fixOfKey(vendor?.message ?? '', secret);
  }
}

// Texts of Huawei's gateway, from its OCR FAQ and from issues of its SDKs.
function fixOfKey(said: string, secret: string): string {
  if (/failed to reach the limit/i.test(said))
    return `The key is blocked for 5 minutes after wrong signatures. Put it right in ${secret}, wait, and run the doctor again.`;
  return /ak (\S+ )?not exist/i.test(said)
    ? `The key was deleted, or is of another cloud of Huawei's. Make one in the console and write both its parts to ${secret}.`
    : `CheckName secret_access_key (and security_token) in ${secret}: they must belong to this access key. ${ONCE}`;
}

/** The project that the settings name. Undefined where it is to be learnt. */
export function knownProject({ projectId }: Target): Check | undefined {
  return projectId === undefined ? undefined : ok('project', `${projectId}, as the settings say.`);
}

/** Whether the gateway knows the project, lets the user into it, and a project that was learnt is the right one. */
export function projectCheck(
  { projectId, list, order }: Granted,
  { target, judgeProject }: Pick<Context, 'target' | 'judgeProject'>,
): Check {
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
    `CheckName that project_id is that of ${target.region} in the user's account, and that the user may enter this region.`,
  );
}

// Project unavailable; IAM user forbidden in this region (error codes of the gateway, Open Telekom Cloud's copy).
const UNKNOWN = /^APIGW?\.(0310|0802)$/;
