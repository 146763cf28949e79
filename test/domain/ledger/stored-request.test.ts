import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { $ZodError } from 'zod/v4/core';
import { requestCodec } from '../../../lib/domain/ledger/stored-rows.ts';
import { alertRequest } from '../../support/ledger/request-rows.ts';

// Rows as releases wrote them. They stay as they are: later releases must still read them.
const rows: Record<string, unknown>[] = JSON.parse(
  readFileSync(new URL('../../fixtures/ledger/request-schema-1.json', import.meta.url), 'utf8'),
);

describe.each(rows.map((row) => [row['state'], row] as const))(
  'a request of schema 1 that is %s',
  (state, row) => {
    it('is read, and written again as it was', () => {
      const request = requestCodec.fromJson(JSON.stringify(row));
      expect(request.state).toBe(state);
      expect(request.window.end.toString()).toBe('2026-11-22T11:00:00.000000001Z');
      expect(JSON.parse(requestCodec.toJson(request))).toEqual(row);
    });

    it.each(Object.keys(row).filter((field) => field !== 'exhausted'))(
      'is refused when its %s is missing',
      (field) => {
        const { [field]: _missing, ...incomplete } = row;
        expect(() => requestCodec.fromJson(JSON.stringify(incomplete))).toThrow($ZodError);
      },
    );

    it.each([
      ['schema', 2, /a newer release wrote the row/],
      ['state', 'waiting', /"state"/],
      ['seen_until', '9999-99-99T00:00:00Z', /must be a time such as/],
      ['tasks', Array.from({ length: 101 }, (_, index) => `task-${index}`), /must have at most 100 entries/],
      ['filters', { user_name: 1 }, /Invalid input/],
    ])('is refused, not guessed at, with another %s', (field, value, message) => {
      expect(() => requestCodec.fromJson(JSON.stringify({ ...row, [field]: value }))).toThrow(message);
    });
  },
);

it('what is not known of a request is absent', () => {
  const request = requestCodec.fromJson(JSON.stringify(rows[0]));
  expect(request).not.toHaveProperty('exhausted');
  expect(request).toEqual(alertRequest());
});

it.each([
  [
    'a time that RFC 3339 has no four digits for',
    { seenUntil: alertRequest().seenUntil.add({ hours: 24 * 366 * 8000 }) },
  ],
  ['half an attempt', { exhausted: { attempts: 0.5, spans: [] } }],
  ['more tasks than a row keeps', { tasks: Array.from({ length: 101 }, () => 'task') }],
])('a request with %s could not be read again, and is not written', (_, differing) => {
  expect(() => requestCodec.toJson(alertRequest(differing))).toThrow($ZodError);
});
