import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { expiryOf, requestId } from '../../../lib/domain/ledger/request-row.ts';
import { alertRequest } from '../../support/ledger/request-rows.ts';

const at = Temporal.Instant.from;

describe('the id of a request', () => {
  it('goes by alert, window and filters alone, and stays the same from release to release', () => {
    expect(requestId(alertRequest())).toBe('a1f4ecc94330d2ab1e6955306fc0a1b1');
    const another = alertRequest({
      targetId: 'acme',
      source: 'me',
      types: [],
      seenUntil: at('2026-11-22T09:00:00Z'),
    });
    const later = {
      ...another,
      version: 7,
      writeId: 'w',
      state: 'served',
      tasks: ['t'],
      arrivedAt: another.updatedAt,
    } as const;
    expect(requestId(later)).toBe(requestId(alertRequest()));
  });

  it('does not go by the order in which filters were written', () => {
    const one = alertRequest({ filters: { user_name: 'a', public_ip: 'b' } });
    expect(requestId(alertRequest({ filters: { public_ip: 'b', user_name: 'a' } }))).toBe(requestId(one));
  });

  it.each([
    ['alert', { alertId: 'arn:aws:guardduty:eu-central-1:111122223333:detector/d/finding/g' }],
    ['start', { window: { start: at('2026-11-22T08:00:00.000000001Z'), end: alertRequest().window.end } }],
    ['end', { window: { start: alertRequest().window.start, end: at('2026-11-22T11:00:00Z') } }],
    ['filter', { filters: { user_name: '198.51.100.7' } }],
    ['number of filters', { filters: {} }],
  ])('is another for another %s', (_, differing) => {
    expect(requestId(alertRequest(differing))).not.toBe(requestId(alertRequest()));
  });
});

describe('the time of a request', () => {
  it('is over 400 days after it was closed', () => {
    const updatedAt = at('2026-11-22T10:05:00.5Z');
    for (const state of ['served', 'lost'] as const)
      expect(expiryOf(alertRequest({ state, updatedAt }))?.toString()).toBe('2027-12-27T10:05:00.5Z');
  });

  it('is never over while it is open', () => {
    expect(expiryOf(alertRequest())).toBeUndefined();
  });
});
