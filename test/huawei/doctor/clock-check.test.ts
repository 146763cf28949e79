import { expect, it } from 'vitest';
import { clockCheck } from '../../../lib/huawei/doctor/hosts.ts';

const origin = 'https://iam.example';
const after = (seconds: number) => clockCheck([{ origin, aheadMilliseconds: seconds * 1000 }]);

it.each([
  [0, 'ok', 'agrees with that of https://iam.example, to 1 s'],
  [60.4, 'ok', 'to 60 s'],
  [-60.4, 'ok', 'to 60 s'],
  [61, 'warning', '1 min 1 s behind that of https://iam.example'],
  [-120, 'warning', '2 min 0 s ahead of that of https://iam.example'],
  [900, 'warning', '15 min 0 s behind'],
  [-901, 'warning', '15 min 1 s ahead of'],
  [8_000, 'warning', '2 h 13 min behind'],
  [-200_000, 'warning', '2 d 7 h ahead of'],
])(
  "a clock that is %d s off Huawei's is told, and fails nothing because runs go by Huawei's",
  (seconds, status, words) => {
    const check = after(seconds);
    expect(check.status).toBe(status);
    expect(check.message).toContain(words);
    expect(check.message.includes("Runs go by Huawei's clock")).toBe(status === 'warning');
    expect(check.message.includes('allows for the offset that the last run found')).toBe(
      status === 'warning',
    );
    expect(check.fix?.startsWith('Set the clock')).toBe(status === 'ok' ? undefined : true);
  },
);

it('goes by the first host that says its time', () => {
  const reports = [{ origin }, { origin, aheadMilliseconds: 2_000_000 }, { origin, aheadMilliseconds: 0 }];
  expect(clockCheck(reports).message).toContain('33 min 20 s behind');
  expect(clockCheck(reports.slice(0, 1)).status).toBe('skipped');
});
