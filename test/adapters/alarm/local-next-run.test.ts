import { createNextRunAlarm } from '../../../lib/adapters/alarm/local-next-run.ts';
import { describeAlarmContract } from '../../contracts/alarm-clock.ts';

describeAlarmContract('local', async () => ({
  alarm: createNextRunAlarm(),
  close: () => Promise.resolve(),
}));
