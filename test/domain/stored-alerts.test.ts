import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { $ZodError } from 'zod/v4/core';
import {
  alertBookFromJson,
  alertBookToJson,
  alertFromJson,
  alertToJson,
} from '../../lib/domain/stored-alerts.ts';

// Rows as releases wrote them. They stay as they are: later releases must still read them.
describe.each(rowsOf('alert-book-schema-1.json'))('a book of schema 1', (row) => {
  it('is read, and written again as it was', () => {
    const book = alertBookFromJson(JSON.stringify(row));
    expect(book.targetId).toBe('acme-prod');
    expect(JSON.parse(alertBookToJson(book))).toEqual(row);
  });

  it.each(['orders', 'places', 'version'])('is refused when its %s are missing', (field) => {
    const { [field]: _missing, ...incomplete } = row;
    expect(() => alertBookFromJson(JSON.stringify(incomplete))).toThrow($ZodError);
  });

  it('is refused, not guessed at, when a newer release wrote it', () => {
    expect(() => alertBookFromJson(JSON.stringify({ ...row, schema: 2 }))).toThrow(/newer release/);
  });
});

describe.each(rowsOf('alert-schema-1.json'))('an alert of schema 1', (row) => {
  it('is read, and written again as it was', () => {
    const alert = alertFromJson(JSON.stringify(row));
    expect(alert.alertId).toBe('arn:aws:guardduty:eu-central-1:111122223333:detector/d/finding/f');
    expect(JSON.parse(alertToJson(alert))).toEqual(row);
  });

  it('is refused, not guessed at, when a newer release wrote it', () => {
    expect(() => alertFromJson(JSON.stringify({ ...row, schema: 2 }))).toThrow(/newer release/);
  });
});

function rowsOf(file: string): Record<string, unknown>[] {
  return JSON.parse(readFileSync(new URL(`../fixtures/ledger/${file}`, import.meta.url), 'utf8'));
}
