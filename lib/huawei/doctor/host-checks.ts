import { type Check, failed, type HostCheckName, ok, skipped, warning } from '../../domain/check.ts';
import type { Target } from '../../domain/input/target.ts';
import { durationWords } from '../../domain/time/clock-offset.ts';
import { hostsOf, KNOWN_REGIONS, otherExportHost } from '../http/endpoints.ts';
import { LET_THROUGH, vendorText } from '../http/errors.ts';
import type { HostName, HostReport } from './hosts.ts';

/** What a host's answer means, and what to do about it. */
export function hostCheck(target: Target, { host, origin, answer }: HostReport): Check {
  const check = HOST_CHECKS[host];
  switch (answer.is) {
    case 'huawei':
      return ok(check, `${origin} answers as Huawei's does (HTTP ${answer.vendor.status}).`);
    case 'unavailable':
      return failed(
        check,
        `${origin} answers, but not now: ${vendorText(answer.vendor)}.`,
        'Run the doctor again in some minutes. If it stays so, tell Huawei.',
      );
    case 'wrong_host':
      return failed(
        check,
        `${origin} does not know ${CALLS[host]}: ${vendorText(answer.vendor)}. It is the wrong host for ${target.region}.`,
        rightHost(host, origin, target),
      );
    case 'middlebox':
      return failed(
        check,
        `${origin} itself does not answer: something in its place does (${answer.said}). Nothing secret was sent to it.`,
        `${LET_THROUGH} If it is the server that was meant: ${rightHost(host, origin, target)}`,
      );
    case 'unrecognized':
      return failed(
        check,
        `${origin} does not answer as Huawei does (${answer.said}). Another server or a proxy stands there; nothing secret was sent to it.`,
        rightHost(host, origin, target),
      );
    case 'unreachable':
      return failed(check, `${origin} does not answer: ${answer.why}.`, fixOfSilence(answer.why, host));
  }
}

export const HOST_CHECKS: Record<HostName, HostCheckName> = {
  iam: 'iam_host',
  export: 'export_host',
  tasks: 'tasks_host',
};

/** What each host is there for. */
export const CALLS: Record<HostName, string> = {
  iam: 'the token call',
  export: 'the export call',
  tasks: 'the list of export tasks',
};

/** Where the call may live instead: the region's usual host, unless it is that one which does not know it. */
export function rightHost(host: HostName, origin: string, { region }: Target): string {
  const setting = `endpoints.${host}`;
  const usual = KNOWN_REGIONS.includes(region) ? hostsOf(region, {})[host] : origin;
  if (usual !== origin) return `Leave ${setting} of the target out, or set it to ${usual}`;
  const other = host === 'export' ? otherExportHost(origin) : undefined;
  return other
    ? `Set ${setting} of the target to ${other}`
    : `CheckName the target's region and ${setting}; Huawei's console lists the endpoints of each region`;
}

const FIXES: readonly { when: RegExp; fix: string }[] = [
  {
    when: /opens no way/,
    fix: 'Have the proxy let this host through, put its user and password into HTTPS_PROXY (http://user:password@host:port), or name the host in NO_PROXY.',
  },
  {
    when: /ENOTFOUND|EAI_AGAIN/,
    fix: "No name server knows this name. CheckName the spelling in the target's region and endpoints, and this machine's DNS.",
  },
  {
    when: /certificate|self-signed|altname/i,
    fix: 'Its certificate is not trusted. If a proxy inspects TLS here, name its CA in NODE_EXTRA_CA_CERTS; never turn the check off.',
  },
  {
    when: /SSL|TLS|EPROTO/,
    fix: 'What listens there does not speak TLS as Huawei does. CheckName host and port of the endpoint, and any proxy.',
  },
];

function fixOfSilence(why: string, host: HostName): string {
  const known = FIXES.find(({ when }) => when.test(why));
  return (
    known?.fix ??
    `Let this machine reach it: firewall, routes, a proxy (HTTPS_PROXY, NO_PROXY), endpoints.${host}.`
  );
}

const TOLERATED_SECONDS = 60;

/** How far this machine's clock is from Huawei's, by the Date of the first host that is Huawei's. */
export function clockCheck(reports: readonly HostReport[]): Check {
  const [first] = reports.flatMap(({ origin, answer }) =>
    answer.is === 'huawei' && answer.aheadMilliseconds !== undefined
      ? [{ origin, seconds: Math.round(answer.aheadMilliseconds / 1000) }]
      : [],
  );
  if (!first) return skipped('clock', 'No host of Huawei says what time it is.');
  const off = Math.abs(first.seconds);
  if (off <= TOLERATED_SECONDS)
    return ok('clock', `The clock agrees with that of ${first.origin}, to ${Math.max(off, 1)} s.`);
  const said = `The clock is ${durationWords(off)} ${first.seconds > 0 ? 'behind' : 'ahead of'} that of ${first.origin}.`;
  return warning(
    'clock',
    `${said} Runs go by Huawei's clock, and cron by this one. What status and plan show goes by this one too, but allows for the offset that the last run found, if that was more than five minutes.`,
    SET_CLOCK,
  );
}

/** What to do about a clock that is off. */
export const SET_CLOCK = 'Set the clock of this machine, and keep it set (NTP: chrony, systemd-timesyncd).';
