import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { InputError, RefusedError } from '../../../lib/domain/errors.ts';
import { FILTER_LENGTHS } from '../../../lib/domain/input/filters.ts';
import { target } from '../../../lib/domain/input/target.ts';
import { checkExportBody, exportBodyFor } from '../../../lib/huawei/calls/export.ts';

const at = (text: string) => Temporal.Instant.from(text);
const acme = target.parse({ id: 'acme', region: 'ap-southeast-3', credential: 'c' });
const span = { start: at('2026-11-22T00:00:00Z'), end: at('2026-11-23T00:00:00Z') };
const now = at('2026-11-23T00:35:00Z');
const times = { login_start_time: '2026-11-22T00:00:00Z', login_end_time: '2026-11-23T00:00:00Z' };

describe('the body of the export call', () => {
  it('has the two login times and the filters', () => {
    expect(exportBodyFor(acme, { span, filters: { user_name: 'someone' } }, now)).toEqual({
      user_name: 'someone',
      ...times,
    });
  });

  it('asks for the whole of a span that does not end on a second', () => {
    const seen = { start: at('2026-11-22T08:00:00.250Z'), end: at('2026-11-22T09:00:00.500Z') };
    expect(exportBodyFor(acme, { span: seen, filters: {} }, now)).toEqual({
      login_start_time: '2026-11-22T08:00:00Z',
      login_end_time: '2026-11-22T09:00:01Z',
    });
  });

  it('has twenty fields that it knows, each up to its length', () => {
    const longest = Object.fromEntries(
      Object.entries(FILTER_LENGTHS).map(([name, length]) => [name, 'x'.repeat(length)]),
    );
    const body = { ...longest, update_time: '2026-11-22T00:00:00Z', ...times };
    expect(Object.keys(body)).toHaveLength(20);
    expect(checkExportBody(body)).toEqual(body);
  });

  it.each(Object.entries(FILTER_LENGTHS))('refuses a %s of more than %i characters', (name, length) => {
    expect(() => checkExportBody({ ...times, [name]: 'x'.repeat(length + 1) })).toThrow(InputError);
  });

  it('may be empty', () => {
    expect(checkExportBody({})).toEqual({});
  });

  it.each([['login_start_time'], ['login_end_time']] as const)('refuses a %s alone', (name) => {
    expect(() => checkExportBody({ [name]: times[name] })).toThrow('together');
  });

  it.each([['2026-11-22T00:00:00.000Z'], ['2026-11-22'], ['2026-11-22T00:00:00+08:00']])(
    'refuses the time %s',
    (time) => {
      expect(() => checkExportBody({ login_start_time: time, login_end_time: time })).toThrow(InputError);
    },
  );

  it('takes both formats of a time', () => {
    const blank = { login_start_time: '2026-11-22 00:00:00', login_end_time: '2026-11-23 00:00:00' };
    expect(checkExportBody(blank)).toEqual(blank);
  });

  it('refuses a field that the call does not have', () => {
    expect(() => checkExportBody({ usr_name: 'x' })).toThrow(InputError);
  });

  it('is not made for a time that Huawei no longer has', () => {
    const old = { start: now.subtract({ hours: 720, seconds: 1 }), end: now };
    const edge = { start: now.subtract({ hours: 720 }), end: now };
    expect(() => exportBodyFor(acme, { span: old, filters: {} }, now)).toThrow(RefusedError);
    expect(exportBodyFor(acme, { span: edge, filters: {} }, now)).toHaveProperty('login_start_time');
  });
});
