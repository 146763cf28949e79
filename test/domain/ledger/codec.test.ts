import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { $ZodError } from 'zod/v4/core';
import { camelCased, rowCodec } from '../../../lib/domain/ledger/codec.ts';
import { instant } from '../../../lib/domain/time/instant.ts';

const at = Temporal.Instant.from('2026-11-23T00:35:00.000000001Z');

const stored = z.object({
  target_id: z.string(),
  loopback: z.boolean(),
  last_seen_at: z.exactOptional(instant),
  failure: z.optional(camelCased(z.object({ vendor_code: z.optional(z.string()) }))),
  filters: z.record(z.string(), z.string()),
});

const codec = rowCodec(camelCased(stored, { loopback: 'isLoopback' }));

const ours = {
  targetId: 'acme',
  isLoopback: true,
  lastSeenAt: at,
  failure: { vendorCode: 'WKS.1' },
  filters: { user_name: 'a' },
};

describe('a row as JSON', () => {
  it('has its keys in snake_case, its times as text and the number of its shape; what is data stays as it is', () => {
    expect(JSON.parse(codec.toJson(ours))).toEqual({
      schema: 1,
      target_id: 'acme',
      loopback: true,
      last_seen_at: '2026-11-23T00:35:00.000000001Z',
      failure: { vendor_code: 'WKS.1' },
      filters: { user_name: 'a' },
    });
  });

  it('is read as it was written', () => {
    expect(JSON.stringify(codec.fromJson(codec.toJson(ours)))).toBe(JSON.stringify(ours));
  });

  it('lacks what is undefined, inside and out', () => {
    // Its type forbids an undefined time, and a spread may bring one all the same.
    const untimed = Object.assign({ ...ours }, { lastSeenAt: undefined as never });
    const json = codec.toJson({ ...untimed, failure: { vendorCode: undefined } });
    expect(JSON.parse(json)).toMatchObject({ failure: {} });
    const row = codec.fromJson(json);
    expect(Object.keys(row)).toEqual(['targetId', 'isLoopback', 'failure', 'filters']);
    expect(Object.keys(row.failure ?? {})).toEqual([]);
  });

  it.each([
    ['is of a shape that this release does not know', { schema: 2 }, /a newer release wrote the row/],
    ['says nothing of its shape', { schema: undefined }, /schema/],
    ['lacks a key, which is told by its stored name', { target_id: undefined }, /target_id/],
    ['has a time that is none', { last_seen_at: 'soon' }, /last_seen_at/],
  ])('is refused when it %s', (_, differing, message) => {
    const document = { ...JSON.parse(codec.toJson(ours)), ...differing };
    const read = () => codec.fromJson(JSON.stringify(document));
    expect(read).toThrow($ZodError);
    expect(read).toThrow(message);
  });

  it('is not written where it could not be read again', () => {
    const beyond = at.add({ hours: 24 * 366 * 8000 });
    expect(() => codec.toJson({ ...ours, lastSeenAt: beyond })).toThrow($ZodError);
  });
});
