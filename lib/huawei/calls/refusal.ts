import { CredentialError, RefusedError, type VendorReply } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import { durationWords } from '../../domain/time/clock-offset.ts';
import { type SignatureTimes, signatureTimes } from '../auth/signature-times.ts';
import { vendorText } from '../http/errors.ts';

/** A call that Huawei refused, and what is particular to it in the words for people. */
export type RefusedCall = {
  /** As in "refuses the export". */
  name: string;
  target: Target;
  origin: string;
  /** The action of an identity policy that allows the call. */
  permission: string;
  /** What to check after a 400. */
  whenInvalid: string;
  /** What to do when the host does not know the call. */
  whenWrongHost: string;
};

/** A refusal as the error that says what a person can do about it. Huawei's WKS codes are not trustworthy, so the status decides. */
export function refusal(vendor: VendorReply, call: RefusedCall): CredentialError | RefusedError {
  const said = `${new URL(call.origin).host} refuses ${call.name} for target "${call.target.id}": ${vendorText(vendor)}.`;
  const times = signatureTimes(vendor);
  if (times) return new RefusedError(`${said} ${clockAdvice(times)}`, { vendor });
  const message = `${said} ${advice(vendor, call)}`;
  return vendor.status === 401
    ? new CredentialError(message, { vendor })
    : new RefusedError(message, { vendor });
}

// The key may be right: it is the date of the signature that was refused.
function clockAdvice({ signed, server }: SignatureTimes): string {
  const seconds = Math.round(signed.until(server).total('second'));
  const off = `${durationWords(Math.abs(seconds))} ${seconds > 0 ? 'behind' : 'ahead of'}`;
  return `The clock is off: the call was signed at ${signed}, ${off} Huawei's clock, which said ${server}. Set the clock of this machine, and keep it set (NTP).`;
}

/** Whom to ask, and by what Huawei finds the call again. */
export function askHuawei({ requestId }: VendorReply): string {
  return requestId ? 'Ask Huawei with the request id' : 'Ask Huawei, with the time of the call';
}

function advice(vendor: VendorReply, call: RefusedCall): string {
  const { status, code } = vendor;
  const secret = call.target.credential;
  if (code === 'APIGW.0101' || code === 'APIG.0101')
    return `This host does not know the call. ${call.whenWrongHost}`;
  switch (status) {
    case 400:
      return `${call.whenInvalid}; nothing was repeated.`;
    case 401:
      return `Check the secret "${secret}"; it was not tried again, because accounts and keys get locked.`;
    case 403:
      return `Allow ${call.permission} in project and region to the user of the secret "${secret}".`;
    case 404:
      return 'Check the project_id, and that Workspace is open in this project.';
    default:
      return `${askHuawei(vendor)}; nothing was repeated.`;
  }
}
