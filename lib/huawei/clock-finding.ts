import { durationWords } from '../domain/clock-offset.ts';
import { type Finding, ok, skipped, warning } from '../domain/finding.ts';
import type { HostReport } from './host-probe.ts';

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
  const said = `The clock is ${durationWords(off)} ${first.seconds > 0 ? 'behind' : 'ahead of'} that of ${first.origin}.`;
  return warning(
    'clock',
    `${said} Runs go by Huawei's clock, and cron by this one. What status and plan show goes by this one too, but allows for the offset that the last run found, if that was more than five minutes.`,
    SET_CLOCK,
  );
}

/** What to do about a clock that is off. */
export const SET_CLOCK = 'Set the clock of this machine, and keep it set (NTP: chrony, systemd-timesyncd).';
