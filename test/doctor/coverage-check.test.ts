import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { coverageCheck, readRow } from '../../lib/doctor/coverage-checks.ts';
import { InfrastructureError } from '../../lib/domain/errors.ts';
import type { TargetRow } from '../../lib/domain/ledger/target-row.ts';
import { targetAt } from '../support/huawei/start-huawei.ts';

const at = (text: string) => Temporal.Instant.from(text);
const now = at('2026-11-23T00:35:00Z');
const BOUND = { region: 'ap-southeast-3', isLoopback: true };
const ORIGIN = '2026-11-20T00:00:00Z';

const check = (start_at?: string, row?: Partial<TargetRow>) =>
  coverageCheck(
    targetAt('http://127.0.0.1:9', start_at === undefined ? {} : { start_at }),
    {
      row: row && {
        ...BOUND,
        targetId: 'acme',
        version: 1,
        writeId: 'w',
        updatedAt: now,
        ...row,
      },
    },
    now,
  );
const covered = (start_at?: string) => check(start_at, { coveredFrom: at(ORIGIN), coveredUntil: at(ORIGIN) });

describe('before the first run', () => {
  it.each([
    [undefined, 'No run yet. Coverage begins with the newest window'],
    ['2026-11-01T00:00:00Z', 'No run yet. Coverage begins at start_at, 2026-11-01T00:00:00Z.'],
    ['2026-12-01T00:00:00Z', 'No run yet. Coverage begins at start_at, 2026-12-01T00:00:00Z.'],
  ])('start_at %s says where coverage will begin', async (start_at, message) => {
    const found = await check(start_at);
    expect(found).toEqual({ check: 'coverage', status: 'ok', message: expect.stringContaining(message) });
    // A backfill alone leaves a row without coverage.
    expect(await check(start_at, {})).toEqual(found);
  });

  it('a start_at that Huawei has forgotten is a warning, with the oldest that it has not', async () => {
    const found = await check('2026-10-01T00:00:00Z');
    expect(found).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('coverage begins at 2026-10-24T00:40:00Z'),
    });
    const fix = /Set start_at to (\S+) or later/.exec(found.fix ?? '')?.[1] ?? '';
    expect((await check(fix)).status).toBe('ok');
  });
});

describe('after the first run', () => {
  it.each([undefined, ORIGIN, '2026-11-20T08:00:00+08:00'])(
    'start_at %s changes nothing',
    async (start_at) => {
      expect(await covered(start_at)).toEqual({
        check: 'coverage',
        status: 'ok',
        message: `Coverage began at ${ORIGIN}.`,
      });
    },
  );

  it.each([
    ['2026-11-10T00:00:00Z', '2026-11-10T00:00:00Z'],
    ['2026-01-01T00:00:00Z', '2026-10-24T00:40:00Z'],
  ])('an earlier start_at (%s) extends it with the next run, to %s', async (start_at, from) => {
    expect(await covered(start_at)).toEqual({
      check: 'coverage',
      status: 'ok',
      message: `Coverage began at ${ORIGIN}. The next run extends it to ${from}, as start_at says.`,
    });
  });

  it('a later start_at shortens nothing', async () => {
    expect(await covered('2026-11-22T00:00:00Z')).toEqual({
      check: 'coverage',
      status: 'ok',
      message: `Coverage began at ${ORIGIN}.`,
    });
  });

  it('an earlier start_at that Huawei has forgotten altogether is said to be so', async () => {
    const long = { coveredFrom: at('2026-06-01T00:00:00Z'), coveredUntil: at(ORIGIN) };
    expect((await check('2026-05-01T00:00:00Z', long)).message).toBe(
      'Coverage began at 2026-06-01T00:00:00Z. start_at is 2026-05-01T00:00:00Z, and Huawei no longer has records from before.',
    );
  });
});

it('a ledger that cannot be read is a failure', async () => {
  const fails = () => Promise.reject(new InfrastructureError('Could not read the ledger.'));
  const ledger = { find: fails, list: fails, listOpen: fails, newestExports: fails, findTarget: fails };
  const target = targetAt('http://127.0.0.1:9');
  expect(coverageCheck(target, await readRow(target, ledger), now)).toMatchObject({
    status: 'failed',
    message: 'Could not read the ledger.',
    fix: expect.anything(),
  });
});
