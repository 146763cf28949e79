import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { alreadyHandled } from '../../../lib/exports/run/passes.ts';
import { targetAt } from '../../support/huawei/start-huawei.ts';
import { NOTHING_TO_DO } from '../../support/ledger/assessment.ts';

it.each([
  ['without start_at', null, ['covered']],
  ['after start_at', '2026-11-01T00:00:00Z', ['covered']],
  ['that start_at lies in the middle of', '2026-11-22T12:00:00Z', ['covered']],
  ['that ends where start_at is', '2026-11-23T00:00:00Z', []],
  ['before start_at', '2026-12-01T00:00:00Z', []],
])("a run's current window %s, with nothing open in it, is reported as %s", (_, start_at, outcomes) => {
  const scheduledTime = Temporal.Instant.from('2026-11-23T00:35:00Z');
  const target = targetAt('http://127.0.0.1:9', { start_at });
  const taken = alreadyHandled({ target, scheduledTime }, NOTHING_TO_DO);
  expect(taken.map(({ result }) => result.outcome)).toEqual(outcomes);
});
