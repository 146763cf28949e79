import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { changed } from '../support/alerts/sample-events.ts';
import { SECRETS, setUpDeployed } from '../support/deployed/deployed-function.ts';

const setUp = () => setUpDeployed('alert-export');

const now = Temporal.Now.instant().round({ smallestUnit: 'second', roundingMode: 'floor' });

/** The GuardDuty finding of the fixtures, about what was seen at that time. */
function findingSeen(seen: Temporal.Instant): unknown {
  const first = changed('guardduty-iam-user', 'detail.service.eventFirstSeen', seen.toString());
  return changed(first, 'detail.service.eventLastSeen', seen.toString());
}

function requested(detail: Record<string, unknown>): unknown {
  return changed('login-export-requested', 'detail', { reference: 'SOC-2026-1187', ...detail });
}

describe('the deployed function', () => {
  it('exports for each value that a finding names, and nothing more when it comes again', async () => {
    const { aws, lambda } = await setUp();
    const event = findingSeen(now.subtract({ minutes: 5 }));
    const answer = await lambda.invoke(event);
    expect(answer).toMatchObject({
      result: {
        received: 1,
        unmatched: 0,
        targets: [{ target_id: 'by-password', alerts: 1, published: 2, failed: [] }],
      },
    });
    const received = await aws.receive();
    expect(received.map(({ message }) => message.data.request.filters)).toEqual(
      expect.arrayContaining([{ public_ip: '198.51.100.7' }, { user_name: 'li.wei' }]),
    );
    const id = expect.stringContaining('finding/16afba5c5c43e07c9e3e5e2e544e95df');
    expect(received[0]?.message.data).toMatchObject({
      reason: 'alert',
      alerts: { ids: [id], more: false, coalesced: false },
    });
    const alert_id = expect.stringContaining('finding/16afba5c5c43e07c9e3e5e2e544e95df');
    const logged = () =>
      lambda
        .output()
        .split('\n')
        .filter((line) => line.includes('"alert received"'));
    await expect.poll(logged).toHaveLength(1);
    expect(JSON.parse(logged()[0] ?? '')).toMatchObject({ level: 'INFO', alert_id, windows: 2 });

    await lambda.invoke(event);
    expect(await aws.receive()).toEqual([]);
  });

  it('counts an alert that no rule is for, and does nothing about it', async () => {
    const { aws, lambda } = await setUp();
    const answer = await lambda.invoke(requested({}));
    expect(answer).toMatchObject({ result: { received: 1, unmatched: 1, targets: [] } });
    expect(await aws.rows()).toEqual([]);
    await expect.poll(() => lambda.output()).toContain('"AlertsUnmatched":1');
  });

  it('exports what is asked for outright', async () => {
    const { aws, lambda } = await setUp();
    const [from, to] = [{ hours: 9 }, { hours: 3 }].map((ago) => now.subtract(ago).toString());
    await lambda.invoke(requested({ target_ids: ['by-key'], from, to, filters: { user_name: 'x' } }));
    const [received, ...others] = await aws.receive();
    expect(others).toEqual([]);
    expect(received?.message.data).toMatchObject({
      target: { id: 'by-key' },
      window: { start: from, end: to },
      request: { filters: { user_name: 'x' } },
    });
  });

  it('throws when an export failed, after having done the others, and tells no secret', async () => {
    const { aws, lambda } = await setUp();
    const answer = await lambda.invoke(requested({ target_ids: ['by-wrong-password', 'by-password'] }));
    expect(answer).toMatchObject({ error: { name: 'RunFailedError' } });
    expect((await aws.receive()).map(({ message }) => message.data.target.id)).toEqual(['by-password']);
    await expect.poll(() => lambda.output()).toContain('"WindowsFailed":1');
    const told = [lambda.output(), JSON.stringify(await aws.rows())].join('\n');
    expect(SECRETS.filter((secret) => told.includes(secret))).toEqual([]);
    expect(told).not.toMatch(/Signature=|MII[\w-]{20}/);
  });

  it.each([
    [{}, 'must be one of "GuardDuty Finding", '],
    [requested({ target_ids: ['by-pasword'] }), 'did you mean "by-password"?'],
    [requested({ from: 'yesterday' }), 'detail.from: must be a time such as'],
    [changed('guardduty-iam-user', 'detail.type', undefined), 'detail.type: is missing'],
  ])('refuses what it cannot read and says what was expected: case %#', async (wrong, help) => {
    const { aws, lambda } = await setUp();
    const answer = await lambda.invoke(wrong);
    expect(answer).toMatchObject({ error: { name: 'InputError', message: expect.stringContaining(help) } });
    expect(await aws.rows()).toEqual([]);
  });
});
