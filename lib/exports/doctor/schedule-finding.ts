import { type Finding, failed, ok, warning } from '../../domain/finding.ts';
import { type Instant, isAfter } from '../../domain/instant.ts';
import { RETENTION } from '../../domain/retention.ts';
import { nextRunAfter, parseSchedule } from '../../domain/schedule.ts';
import type { Target } from '../../domain/target.ts';

/** Whether the target's schedule fires, and often enough to lose nothing. */
export function scheduleFinding(target: Target, now: Instant): Finding {
  const next = nextRun(target, now);
  if (!next)
    return failed(
      'schedule',
      `${target.schedule} never fires again.`,
      `Write one that does, such as ${NIGHTLY}`,
    );
  const second = nextRun(target, next) ?? next;
  const isRare = isAfter(next, now.add(RETENTION)) || isAfter(second, next.add(RETENTION));
  const said = `${target.schedule} fires next at ${next}`;
  if (!isRare) return ok('schedule', `${said}.`);
  return warning(
    'schedule',
    `${said}, and then at ${second}: Huawei forgets login records after 30 days, so some are lost.`,
    `Let it fire every day, such as ${NIGHTLY}`,
  );
}

const NIGHTLY = 'cron(35 0 * * ? *)';

function nextRun({ schedule, scheduleTimeZone }: Target, after: Instant): Instant | undefined {
  const parsed = parseSchedule(schedule);
  return parsed && nextRunAfter(parsed, scheduleTimeZone, after);
}
