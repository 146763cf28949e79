import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { InfrastructureError } from '../../../lib/domain/errors.ts';
import type { TargetRecord } from '../../../lib/domain/target-record.ts';
import { originFinding } from '../../../lib/exports/doctor/origin-finding.ts';
import { targetAt } from '../../support/huawei.ts';

const at = (text: string) => Temporal.Instant.from(text);
const now = at('2026-11-23T00:35:00Z');
const ORIGIN = '2026-11-20T00:00:00Z';

const finding = (start_at?: string, record?: Partial<TargetRecord>) =>
  originFinding(
    targetAt('http://127.0.0.1:9', start_at === undefined ? {} : { start_at }),
    {
      findTarget: async (targetId) =>
        record && { targetId, version: 1, writeId: 'w', updatedAt: now, ...record },
    },
    now,
  );
const covered = (start_at?: string) => finding(start_at, { origin: at(ORIGIN), coveredUntil: at(ORIGIN) });

describe('before the first run', () => {
  it.each([
    [undefined, 'No run yet. Coverage begins with the newest window'],
    ['2026-11-01T00:00:00Z', 'No run yet. Coverage begins at start_at, 2026-11-01T00:00:00Z.'],
    ['2026-12-01T00:00:00Z', 'No run yet. Coverage begins at start_at, 2026-12-01T00:00:00Z.'],
  ])('start_at %s says where coverage will begin', async (start_at, message) => {
    const found = await finding(start_at);
    expect(found).toEqual({ check: 'origin', status: 'ok', message: expect.stringContaining(message) });
    // A backfill alone leaves a record without an origin.
    expect(await finding(start_at, {})).toEqual(found);
  });

  it('a start_at that Huawei has forgotten is a warning, with the oldest that it has not', async () => {
    const found = await finding('2026-10-01T00:00:00Z');
    expect(found).toMatchObject({ status: 'warning', message: expect.stringContaining('records as lost') });
    const mend = /Set start_at to (\S+) or later/.exec(found.mend ?? '')?.[1] ?? '';
    expect((await finding(mend)).status).toBe('ok');
  });
});

describe('after the first run', () => {
  it.each([undefined, ORIGIN, '2026-11-20T08:00:00+08:00'])(
    'start_at %s changes nothing',
    async (start_at) => {
      expect(await covered(start_at)).toEqual({
        check: 'origin',
        status: 'ok',
        message: `Coverage began at ${ORIGIN}.`,
      });
    },
  );

  it.each([
    ['2026-11-10T00:00:00Z', '2026-11-10T00:00:00Z'],
    ['2026-01-01T00:00:00Z', '2026-10-24T00:40:00Z'],
  ])('an earlier start_at (%s) comes too late, and a backfill does it from %s on', async (start_at, from) => {
    expect(await covered(start_at)).toEqual({
      check: 'origin',
      status: 'warning',
      message: `start_at is ${start_at}, but coverage began at ${ORIGIN}: it counts for the first run alone.`,
      mend: `To export the earlier time: login-export backfill --target acme --from ${from} --to ${ORIGIN}`,
    });
  });

  it('a later start_at leaves nothing out', async () => {
    expect(await covered('2026-11-22T00:00:00Z')).toMatchObject({
      status: 'warning',
      mend: expect.stringContaining(`Set start_at to ${ORIGIN}, or leave it out`),
    });
  });

  it('an earlier start_at that Huawei has forgotten altogether is to be left out', async () => {
    const long = { origin: at('2026-06-01T00:00:00Z'), coveredUntil: at(ORIGIN) };
    expect((await finding('2026-05-01T00:00:00Z', long)).mend).toContain('Leave start_at out');
  });
});

it('a ledger that cannot be read is a failure', async () => {
  const broken = {
    findTarget: async () => {
      throw new InfrastructureError('Could not read the ledger.');
    },
  };
  expect(await originFinding(targetAt('http://127.0.0.1:9'), broken, now)).toMatchObject({
    status: 'failed',
    message: 'Could not read the ledger.',
    mend: expect.anything(),
  });
});
