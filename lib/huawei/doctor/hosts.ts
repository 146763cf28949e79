import { type Check, failed, failedBy, ok, skipped, warning } from '../../domain/check.ts';
import { asExportError, InterruptedError, UnavailableError } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import { durationWords } from '../../domain/time/clock-offset.ts';
import type { Clock } from '../../ports.ts';
import { exportRequest, permissionProbeBody } from '../calls/export.ts';
import { taskListRequest } from '../calls/tasks.ts';
import { type Hosts, hostsOf, NO_PROJECT, rightHost } from '../http/endpoints.ts';
import { readErrorReply, vendorText } from '../http/errors.ts';
import type { HttpReply, HttpRequest, Send } from '../http/http.ts';
import { parseHttpDate } from '../http/http-date.ts';
import type { Redact } from '../http/redact.ts';
import { attemptCall } from '../http/send.ts';
import { SET_CLOCK } from '../refusals/refusal.ts';
import { refusalReason } from '../refusals/refusal-reason.ts';

export type HostName = keyof Hosts;

/** `aheadMilliseconds`: how far the clock of a host of Huawei's is ahead of ours, if the host says its time. */
export type HostReport = {
  host: HostName;
  origin: string;
  check: Check;
  aheadMilliseconds?: number | undefined;
};

type Tools = { send: Send; clock: Clock; redact: Redact; signal: AbortSignal };

/**
 * Makes the call that a host is there for, once, without a credential: no account comes nearer to its lock. The check is
 * ok where one of Huawei's hosts refuses the call. Throws `InterruptedError` alone.
 */
export async function probeHost(host: HostName, target: Target, tools: Tools): Promise<HostReport> {
  const origin = hostsOf(target.region, target.endpoints)[host];
  const askedAt = tools.clock().epochMilliseconds;
  try {
    const outcome = await attemptCall(requestTo(host, origin, target, tools.clock), tools);
    if ('failure' in outcome) throw outcome.failure;
    const check = hostCheck({ host, origin, target }, outcome.value, tools.redact);
    const ahead = aheadMilliseconds(outcome.value, askedAt, tools.clock().epochMilliseconds);
    return { host, origin, check, aheadMilliseconds: check.status === 'ok' ? ahead : undefined };
  } catch (thrown) {
    const error = asExportError(thrown);
    if (error instanceof InterruptedError) throw error;
    const right = rightHost(host, origin, target.region);
    const check = failedBy('host', error, right);
    const isMiddlebox = error instanceof UnavailableError && error.reason === 'middlebox';
    return { host, origin, check: isMiddlebox ? { ...check, fix: `${check.fix} ${right}` } : check };
  }
}

/** How far this machine's clock is from Huawei's, by the first host of Huawei's that says its time. */
export function clockCheck(reports: readonly Pick<HostReport, 'origin' | 'aheadMilliseconds'>[]): Check {
  const first = reports.find(({ aheadMilliseconds }) => aheadMilliseconds !== undefined);
  if (first?.aheadMilliseconds === undefined) return skipped('clock', 'No host of Huawei says its time.');
  const seconds = Math.round(first.aheadMilliseconds / 1000);
  const off = Math.abs(seconds);
  if (off <= TOLERATED_SECONDS)
    return ok('clock', `The clock agrees with that of ${first.origin}, to ${Math.max(off, 1)} s.`);
  const said = `The clock is ${durationWords(off)} ${seconds > 0 ? 'behind' : 'ahead of'} that of ${first.origin}.`;
  return warning(
    'clock',
    `${said} Runs go by Huawei's clock, and cron by this one. What status and plan show goes by this one too, but allows for the offset that the last run found, if that was more than five minutes.`,
    SET_CLOCK,
  );
}

const TOLERATED_SECONDS = 60;

function requestTo(host: HostName, origin: string, target: Target, clock: Clock): HttpRequest {
  const projectId = target.projectId ?? NO_PROJECT;
  switch (host) {
    case 'iam':
      return {
        method: 'POST',
        url: new URL('/v3/auth/tokens?nocatalog=true', origin),
        headers: { 'content-type': 'application/json;charset=utf8' },
        body: '{}',
      };
    case 'export':
      return exportRequest(origin, projectId, permissionProbeBody(target, clock()));
    case 'tasks':
      return taskListRequest(origin, projectId, { isDownloaded: false, offset: 0 });
  }
}

// The host wrote its time somewhere between the two of ours.
function aheadMilliseconds({ headers }: HttpReply, askedAt: number, answeredAt: number): number | undefined {
  const date = parseHttpDate(headers['date']);
  return date && date.epochMilliseconds - (askedAt + answeredAt) / 2;
}

type Probed = { host: HostName; origin: string; target: Target };

function hostCheck({ host, origin, target }: Probed, reply: HttpReply, redact: Redact): Check {
  const vendor = readErrorReply(reply, redact);
  const fix = rightHost(host, origin, target.region);
  if (refusalReason(vendor) === 'wrong_host')
    return failed(
      'host',
      `${origin} does not have ${CALLS[host]}: ${vendorText(vendor)}. It is the wrong host for ${target.region}.`,
      fix,
    );
  if (isOfHuawei(host, vendor)) return ok('host', `${origin} is reachable, for ${CALLS[host]}.`);
  const type = redact(reply.headers['content-type'] ?? 'of no type').slice(0, 40);
  return failed(
    'host',
    `${origin} does not answer as Huawei does (HTTP ${reply.status}, ${type}): it is another server or a proxy. Nothing secret was sent to it.`,
    fix,
  );
}

const CALLS: Record<HostName, string> = {
  iam: 'the token call',
  export: 'the export call',
  tasks: 'the list of export tasks',
};

// The gateway and the services have codes with a prefix; IAM's older calls have the status as their code.
function isOfHuawei(host: HostName, { status, code = '' }: ReturnType<typeof readErrorReply>): boolean {
  if (status < 400) return false;
  return /^(APIGW?|WKS|IAM|PAP5)\./.test(code) || (host === 'iam' && code === String(status) && status < 404);
}
