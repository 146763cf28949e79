import { type Check, failed, ok, warning } from '../../domain/check.ts';
import { type ExportError, UnavailableError, type VendorReply } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import type { TaskPage } from '../../ports.ts';
import { signatureTimes } from '../auth/signature-times.ts';
import { askHuawei } from '../calls/refusal.ts';
import { hostsOf } from '../http/endpoints.ts';
import { unavailableAdvice, vendorText } from '../http/errors.ts';
import type { Ordered } from './access.ts';
import { CALLS, rightHost, SET_CLOCK } from './host-checks.ts';
import { type HostName, NO_SUCH_API } from './hosts.ts';

/** Whether the user may export, as far as it can be told without ordering one. */
export function exportCheck(order: Ordered | ExportError, target: Target): Check {
  const check = 'export_permission';
  if ('taskId' in order)
    return ok(
      check,
      `Allowed. Huawei took the request although it is incomplete: the spare task ${order.taskId} is harmless, it asks for no record.`,
    );
  const { vendor } = order;
  if (vendor?.status === 400 && !CLOSED.test(vendor.code ?? ''))
    return ok(
      check,
      `Allowed, as far as it shows without ordering a task: a request that is incomplete on purpose was refused for its content alone (${['HTTP 400', vendor.code].filter(Boolean).join(' ')}).`,
    );
  const { message, fix } = refusal(order, { host: 'export', target, action: EXPORT_ACTION });
  return failed(check, message, fix);
}

/** Whether the user may see what became of the export tasks. Exports do without it, the proof that they ended does not. */
export function listCheck(list: TaskPage | ExportError, target: Target): Check {
  const check = 'list_permission';
  if ('tasks' in list) return ok(check, `Allowed. The list of export tasks has ${list.total}.`);
  const { message, fix } = refusal(list, { host: 'tasks', target, action: LIST_ACTION });
  if (list.vendor?.status !== 403) return failed(check, message, fix);
  return warning(
    check,
    `${message} Exports go on without it, but nobody can confirm that their tasks ended well: windows stay unconfirmed, and none is ordered again when its task fails.`,
    fix,
  );
}

const EXPORT_ACTION = 'workspace:session:exportUserConnection';
const LIST_ACTION = 'workspace:tenants:listExportTasks';

// No tenant, no user of it, or the service is disabled (error codes seen by Huawei's Terraform provider).
const CLOSED = /^WKS\.(00170117|00170312|00010099)$/;

type Refused = { host: HostName; target: Target; action: string };

function refusal(error: ExportError, refused: Refused): { message: string; fix: string } {
  const { vendor } = error;
  if (error instanceof UnavailableError) return { message: error.message, fix: unavailableAdvice(error) };
  if (!vendor) return { message: error.message, fix: LATER };
  const origin = hostsOf(refused.target.region, refused.target.endpoints)[refused.host];
  return {
    message:
      vendor.status < 300
        ? error.message
        : `${origin} refuses ${CALLS[refused.host]}: ${vendorText(vendor)}.`,
    fix: fixOf(vendor, refused),
  };
}

const LATER = 'Run the doctor again in some minutes. If it stays so, tell Huawei.';

function fixOf(vendor: VendorReply, { host, target, action }: Refused): string {
  const { status, code = '' } = vendor;
  if (signatureTimes(vendor)) return SET_CLOCK;
  if (NO_SUCH_API.test(code)) return rightHost(host, hostsOf(target.region, target.endpoints)[host], target);
  if (status === 400 || status === 404 || CLOSED.test(code))
    return 'CheckName the project_id, and that Workspace is open in this project.';
  if (status === 403)
    return `Allow ${action} in project and region to the user of the secret "${target.credential}".`;
  return `${askHuawei(vendor)}.`;
}
