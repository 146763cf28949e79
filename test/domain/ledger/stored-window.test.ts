import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { $ZodError } from 'zod/v4/core';
import { issuesOf } from '../../../lib/domain/input/schema.ts';
import { windowCodec } from '../../../lib/domain/ledger/stored-rows.ts';

type StoredRow = Record<string, unknown>;

// Rows as releases wrote them. They stay as they are: later releases must still read them.
const firstRows = rowsOf('schema-1.json');
const numbered = rowsOf('schema-1-numbered.json');
const rows = [...firstRows, ...rowsOf('schema-1-catch-up.json'), ...numbered];

describe.each(rows.map((row) => [row['state'], row] as const))('a row of schema 1 that is %s', (_, row) => {
  it('is read, and written again as it was', () => {
    const decoded = windowCodec.fromJson(JSON.stringify(row));
    expect(decoded.targetId).toBe('acme-prod');
    expect(decoded.window.start.toString()).toBe('2026-11-22T00:00:00Z');
    expect(JSON.parse(windowCodec.toJson(decoded))).toEqual(row);
  });

  it.each(['attempt', 'state', 'window'])('is refused when its %s is missing', (field) => {
    const { [field]: _missing, ...incomplete } = row;
    expect(() => windowCodec.fromJson(JSON.stringify(incomplete))).toThrow($ZodError);
  });
});

describe.each(numbered)('an export for alerts', (row) => {
  it('keeps its number and when it was ordered, to the nanosecond', () => {
    const { alertExport } = windowCodec.fromJson(JSON.stringify(row));
    expect({ number: alertExport?.number, at: alertExport?.orderedAt.toString() }).toEqual({
      number: row['number'],
      at: row['ordered_at'],
    });
  });

  it.each([
    [
      'of a number without a time',
      { ordered_at: undefined },
      /number must be there together with ordered_at/,
    ],
    ['of a time without a number', { number: undefined }, /number must be there where the reason is alert/],
    ['of number 0', { number: 0 }, /number must be a number from 1 to 99999999/],
    ['of more digits than names have', { number: 100_000_000 }, /number must be a number from 1 to 99999999/],
    [
      'of the calendar',
      { reason: 'routine' },
      /number must be there where the reason is alert, and nowhere else/,
    ],
  ])('is refused, read or written, %s', (_, differing, message) => {
    const read = () => windowCodec.fromJson(JSON.stringify({ ...row, ...differing }));
    expect(problemsOf(read)).toMatch(message);
  });

  it('is not written with a number that could not be read again', () => {
    const decoded = windowCodec.fromJson(JSON.stringify(row));
    const at = decoded.updatedAt;
    expect(
      problemsOf(() =>
        windowCodec.toJson({ ...decoded, alertExport: { number: 100_000_000, orderedAt: at } }),
      ),
    ).toMatch(/99999999/);
    expect(problemsOf(() => windowCodec.toJson({ ...decoded, reason: 'catch-up' }))).toMatch(/nowhere else/);
  });
});

it('a row without a word on orphans has none, and says none when it is written again', () => {
  const decoded = firstRows.map((row) => windowCodec.fromJson(JSON.stringify(row)));
  expect(decoded.map(({ orphans }) => orphans)).toEqual(decoded.map(() => 0));
  expect(decoded.map(windowCodec.toJson).join()).not.toContain('orphans');
});

it('a row of a shape that this release does not know is refused, not guessed at', () => {
  expect(() => windowCodec.fromJson(JSON.stringify({ ...rows[0], schema: 2 }))).toThrow(
    /a newer release wrote the row/,
  );
  expect(() => windowCodec.fromJson(JSON.stringify({ ...rows[0], state: 'archived' }))).toThrow($ZodError);
});

function problemsOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof $ZodError)
      return issuesOf(error)
        .map(({ path, message }) => `${path} ${message}`)
        .join();
  }
  return 'no message';
}

function rowsOf(file: string): StoredRow[] {
  return JSON.parse(readFileSync(new URL(`../../fixtures/ledger/${file}`, import.meta.url), 'utf8'));
}
