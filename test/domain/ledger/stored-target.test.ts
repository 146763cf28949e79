import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { $ZodError } from 'zod/v4/core';
import { targetCodec } from '../../../lib/domain/ledger/stored-rows.ts';
import { spanText } from '../../../lib/domain/time/spans.ts';

// Rows as releases wrote them. They stay as they are: later releases must still read them.
const [whole, bare]: [Record<string, unknown>, Record<string, unknown>] = JSON.parse(
  readFileSync(new URL('../../fixtures/ledger/target-schema-1.json', import.meta.url), 'utf8'),
);

it('a target with everything known is read, and written again as it was', () => {
  const row = targetCodec.fromJson(JSON.stringify(whole));
  expect(row.coveredFrom?.toString()).toBe('2026-11-22T00:00:00Z');
  expect(row.coveredUntil?.toString()).toBe('2026-11-23T00:00:00.000000001Z');
  expect(row.lookbackFrom?.toString()).toBe('2026-11-01T12:30:00Z');
  expect(row.openBackfills?.map(spanText)).toEqual([
    { start: '2026-11-01T12:30:00Z', end: '2026-11-05T00:00:00Z' },
  ]);
  expect(row.lostUntil?.toString()).toBe('2026-11-22T12:00:00Z');
  expect(row.unreportedFrom?.toString()).toBe('2026-11-20T00:00:00Z');
  expect(row.listDownSince?.toString()).toBe('2026-11-22T23:05:00Z');
  expect(row.unverifiedAt?.toString()).toBe('2026-11-22T00:35:00Z');
  expect(row.lastFiring?.toString()).toBe('2026-11-23T00:35:00Z');
  const { region, projectId, isLoopback, clockOffsetSeconds } = row;
  expect({ region, projectId, isLoopback, clockOffsetSeconds }).toEqual({
    region: 'ap-southeast-3',
    projectId: '2b31ed520000000000000000000000aa',
    isLoopback: false,
    clockOffsetSeconds: -1260,
  });
  expect(JSON.parse(targetCodec.toJson(row))).toEqual(whole);
});

it('what is not known of a target is absent, inside and out', () => {
  const row = targetCodec.fromJson(JSON.stringify(bare));
  expect(Object.keys(row).toSorted()).toEqual([
    'isLoopback',
    'region',
    'targetId',
    'updatedAt',
    'version',
    'writeId',
  ]);
  expect(JSON.parse(targetCodec.toJson(row))).toEqual(bare);
});

it('a target that could not be read again is not written', () => {
  const row = targetCodec.fromJson(JSON.stringify(whole));
  expect(() => targetCodec.toJson({ ...row, clockOffsetSeconds: 0.5 })).toThrow($ZodError);
});

it.each([
  ['of a schema that this release does not know', { schema: 2 }],
  ['with a time that is none', { covered_until: 'yesterday' }],
  ['without a version', { version: undefined }],
  ['that does not say of which region it is', { region: undefined }],
  ['that does not say whether its host is on this machine', { loopback: undefined }],
])('a document %s is refused', (_, differing) => {
  expect(() => targetCodec.fromJson(JSON.stringify({ ...whole, ...differing }))).toThrow($ZodError);
});
