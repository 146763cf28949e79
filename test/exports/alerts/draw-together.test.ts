import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import type { AlertOrder } from '../../../lib/domain/alert-book.ts';
import { isBefore } from '../../../lib/domain/instant.ts';
import { without } from '../../../lib/domain/spans.ts';
import { drawnTogether, MOST_TO_COME } from '../../../lib/exports/alerts/draw-together.ts';
import { targetAt } from '../../support/huawei.ts';

const now = Temporal.Instant.from('2026-11-22T12:00:00Z');
const target = targetAt('http://127.0.0.1:1');

type Drawn = { from: number; minutes: number; due: number; address: number };

const order = fc
  .record<Drawn>({
    from: fc.integer({ min: -600, max: 10_000 }),
    minutes: fc.integer({ min: 1, max: 60 }),
    due: fc.integer({ min: -60, max: 10_000 }),
    address: fc.integer({ min: 0, max: 250 }),
  })
  .map(({ from, minutes, due, address }): AlertOrder => {
    const [start, dueAt] = [now.add({ minutes: from }), now.add({ minutes: due })];
    return {
      window: { start, end: start.add({ minutes }) },
      filters: address === 0 ? {} : { public_ip: `203.0.113.${address}` },
      dueAt,
      putOffUntil: dueAt.add({ minutes: 15 }),
      alerts: { ids: [`finding-${from}-${address}`], more: false },
    };
  });

it('of however many orders to come keeps so many, drops nothing of them and makes none due earlier', () => {
  fc.assert(
    fc.property(fc.array(order, { minLength: 80, maxLength: 200, size: 'max' }), (orders) => {
      const toCome = orders.filter(({ dueAt }) => isBefore(now, dueAt));
      const drawn = drawnTogether(orders, { target, now }).orders;
      const still = drawn.filter(({ dueAt }) => isBefore(now, dueAt));
      expect(still.length).toBeLessThanOrEqual(MOST_TO_COME);
      for (const { window, dueAt } of toCome) {
        const later = still.filter((other) => !isBefore(other.dueAt, dueAt)).map((other) => other.window);
        expect(without([window], later)).toEqual([]);
      }
      expect(drawn.length - still.length).toBe(orders.length - toCome.length);
    }),
    { numRuns: 100 },
  );
});

it('leaves as many as may be to come as they are', () => {
  const [few] = fc.sample(fc.array(order, { minLength: MOST_TO_COME, maxLength: MOST_TO_COME }), 1);
  expect(drawnTogether(few ?? [], { target, now })).toEqual({ orders: few, folded: 0 });
});
