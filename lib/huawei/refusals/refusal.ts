import { CredentialError, RefusedError, type VendorReply } from '../../domain/errors.ts';
import { type Credential, type PasswordCredential, passwordDoubt } from '../../domain/input/credential.ts';
import type { Target } from '../../domain/input/target.ts';
import { durationWords } from '../../domain/time/clock-offset.ts';
import { type Hosts, rightHost } from '../http/endpoints.ts';
import { vendorText } from '../http/errors.ts';
import { refusalReason, type SignatureTimes, signatureTimes } from './refusal-reason.ts';

/** A call that Huawei refused, and what is particular to it. */
export type RefusedCall = {
  /** As in "refuses the export". */
  name: string;
  host: keyof Hosts;
  target: Target;
  origin: string;
  /** The action of an identity policy that allows the call. */
  permission: string;
  /** What was sent along, where that is known. */
  credentialKind?: Credential['kind'] | undefined;
  /** What to do after a 400. */
  whenInvalid: string;
};

/** A refusal as the error that says what a person can do about it: the one wording for runs and for the doctor. */
export function refusal(vendor: VendorReply, call: RefusedCall): CredentialError | RefusedError {
  const said = `${new URL(call.origin).host} refuses ${call.name} for target "${call.target.id}": ${vendorText(vendor)}.`;
  const times = signatureTimes(vendor);
  // The key may be right: Huawei refused the date of the signature.
  if (times) return new RefusedError(`${said} ${clockText(times)}`, { vendor, fix: SET_CLOCK });
  const details = { vendor, fix: fixOf(vendor, call) };
  return vendor.status === 401 ? new CredentialError(said, details) : new RefusedError(said, details);
}

/** IAM's refusal of a login. `secret` is the name under which the credential is kept. */
export function loginRefusal(
  vendor: VendorReply,
  { credential, secret }: { credential: PasswordCredential; secret: string },
): CredentialError | RefusedError {
  const who = `user "${credential.user}" (account "${credential.domain}")`;
  if (vendor.status !== 401)
    return new RefusedError(`IAM gave no token to ${who}: ${vendorText(vendor)}.`, {
      vendor,
      fix: 'The user needs programmatic access, no login protection by MFA, and a role in the project.',
    });
  const doubt = passwordDoubt(credential);
  const fix =
    refusalReason(vendor) === 'account_locked'
      ? `Let nothing log in as this user for 15 minutes, and correct domain, user and password in the secret "${secret}" before.`
      : `Check domain (the account's name), user and password in the secret "${secret}".${doubt ? ` ${doubt}.` : ''} ${NOT_AGAIN}`;
  return new CredentialError(`IAM rejected the login of ${who}: ${vendorText(vendor)}.`, { vendor, fix });
}

/** Whom to ask, and by what Huawei finds the call again. */
export function askHuawei({ requestId }: VendorReply): string {
  return requestId ? 'Ask Huawei with the request id.' : 'Ask Huawei, with the time of the call.';
}

/** What to do where the project may be wrong. */
export const CHECK_PROJECT = 'Check the project_id, and that Workspace is open in this project.';

/** What to do about a clock that is off. */
export const SET_CLOCK = 'Set the clock of this machine, and keep it set (NTP: chrony, systemd-timesyncd).';

const NOT_AGAIN = 'It was not tried again, because accounts and keys get locked.';

function clockText({ signed, server }: SignatureTimes): string {
  const seconds = Math.round(signed.until(server).total('second'));
  const off = `${durationWords(Math.abs(seconds))} ${seconds > 0 ? 'behind' : 'ahead of'}`;
  return `The clock is off: the call was signed at ${signed}, ${off} Huawei's clock, which said ${server}.`;
}

function fixOf(vendor: VendorReply, call: RefusedCall): string {
  const { target, permission } = call;
  switch (refusalReason(vendor)) {
    case 'wrong_host':
      return `This host does not have the call. ${rightHost(call.host, call.origin, target.region)}`;
    case 'foreign_project':
      return `Check that project_id is that of ${target.region} in the user's account, and that the user may use this region.`;
    case 'invalid':
      return call.whenInvalid;
    case 'forbidden':
      return `Allow ${permission} in project and region to the user of the secret "${target.credential}".`;
    case 'not_open':
    case 'not_found':
      return CHECK_PROJECT;
    case 'other':
      return askHuawei(vendor);
    default:
      return fixOfCredential(vendor, call);
  }
}

function fixOfCredential(vendor: VendorReply, { target, credentialKind }: RefusedCall): string {
  const secret = `the secret "${target.credential}"`;
  switch (credentialKind) {
    case 'password':
      return `IAM issued the token just now: check that ${secret} and endpoints.iam are of the same cloud and region as the other hosts.`;
    case 'token':
      return `Put a new token for this project into ${secret}; whatever renews it may have stopped.`;
    case 'access_key':
      return fixOfKey(vendor, secret);
    default:
      return `Check ${secret}. ${NOT_AGAIN}`;
  }
}

function fixOfKey(vendor: VendorReply, secret: string): string {
  switch (refusalReason(vendor)) {
    case 'key_blocked':
      return `The key is blocked for 5 minutes after wrong signatures. Correct it in ${secret}, and wait before the next try.`;
    case 'key_unknown':
      return `The key was deleted, or is of another cloud of Huawei's. Make one in the console and write both its parts to ${secret}.`;
    default:
      return `Check secret_access_key (and security_token) in ${secret}: they must belong to this access key. ${NOT_AGAIN}`;
  }
}
