import { type Finding, failed, ok, skipped, warning } from '../domain/finding.ts';
import type { HostReport } from './host-probe.ts';
import { offsetWords } from './offset-words.ts';

/** Requests signed with a clock further off are refused (Huawei's API signing guide; its FAQ). */
const MOST_SECONDS = 15 * 60;
const TOLERATED_SECONDS = 60;

/** How far this machine's clock is from Huawei's, by the Date of the first host that is Huawei's. */
export function clockFinding(reports: readonly HostReport[]): Finding {
  const [first] = reports.flatMap(({ origin, answer }) =>
    answer.is === 'huawei' && answer.aheadMilliseconds !== undefined
      ? [{ origin, seconds: Math.round(answer.aheadMilliseconds / 1000) }]
      : [],
  );
  if (!first) return skipped('clock', 'No host of Huawei says what time it is.');
  const off = Math.abs(first.seconds);
  if (off <= TOLERATED_SECONDS)
    return ok('clock', `The clock agrees with that of ${first.origin}, to ${Math.max(off, 1)} s.`);
  const said = `The clock is ${offsetWords(off)} ${first.seconds > 0 ? 'behind' : 'ahead of'} that of ${first.origin}.`;
  if (off <= MOST_SECONDS)
    return warning('clock', `${said} From 15 minutes on Huawei refuses what is signed by it.`, SET_CLOCK);
  return failed(
    'clock',
    `${said} Huawei refuses what is signed by a clock more than 15 minutes off; runs then sign anew by its Date.`,
    SET_CLOCK,
  );
}

/** What to do about a clock that is off. */
export const SET_CLOCK =
  'Set the clock of this machine, and keep it set (NTP: chrony, systemd-timesyncd). Windows become due by it, too: ahead, they would be exported before they are complete.';
