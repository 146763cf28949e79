import { CredentialError, RefusedError, type VendorReply } from '../domain/errors.ts';
import type { Target } from '../domain/target.ts';
import { vendorText } from './error-reply.ts';

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
  const message = `${said} ${advice(vendor, call)}`;
  return vendor.status === 401
    ? new CredentialError(message, { vendor })
    : new RefusedError(message, { vendor });
}

function advice({ status, code }: VendorReply, call: RefusedCall): string {
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
      return 'Ask Huawei with the request id; nothing was repeated.';
  }
}
