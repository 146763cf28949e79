import { describe, expect, it } from 'vitest';
import type { AlertRequest } from '../../../../lib/domain/ledger/request-row.ts';
import type { WindowEntry } from '../../../../lib/domain/ledger/window-row.ts';
import { closings } from '../../../../lib/exports/alerts/requests/closings.ts';
import { exportOf, instantOf, nightOf, requestFor, shortSpan, spanOf, targetWith } from './planning.ts';

type Given = { request: AlertRequest; entries?: WindowEntry[]; now: string };

function closed({ request, entries = [], now }: Given) {
  const [closing] = closings([request], entries, { target: targetWith(), now: instantOf(now) });
  if (!closing) return undefined;
  const { newlyLost, next, unconfirmed } = closing;
  return {
    newlyLost: newlyLost.map(shortSpan),
    state: next.state,
    lost: next.lost.map(shortSpan),
    tasks: next.tasks,
    unconfirmed,
  };
}

describe('a request', () => {
  const request = requestFor({ window: '08:00/10:00' });
  const first = exportOf({ window: '08:00/10:00', at: '10:00', state: 'confirmed' });
  const rest = exportOf({ window: '09:30/10:00', at: '11:00', state: 'confirmed', number: 2 });
  const served = { newlyLost: [], state: 'served', lost: [], unconfirmed: [] };

  it('is served when all of it was ordered late enough and is confirmed, with the tasks that have it', () => {
    const tasks = ['task of 08:00/10:00', 'task of 09:30/10:00'];
    expect(closed({ request, entries: [first, rest], now: '11:05' })).toEqual({ ...served, tasks });
  });

  it.each([
    ['its delay is not over', [first, rest], '10:29'],
    ['the newest of it was ordered too early to be complete', [first], '11:05'],
    ['an export is not confirmed', [first, { ...rest, state: 'published' as const }], '11:05'],
    ['an export failed', [first, { ...rest, state: 'failed' as const }], '11:05'],
    [
      'a night that has it is only published',
      [nightOf({ window: '08:00/10:00', state: 'published' })],
      '11:05',
    ],
  ])('stays open while %s', (_, entries, now) => {
    expect(closed({ request, entries, now })).toBeUndefined();
  });

  it('is served by a night', () => {
    const entries = [nightOf({ window: '00:00/12:00' })];
    expect(closed({ request, entries, now: '13:00' })).toEqual({ ...served, tasks: ['task of 00:00/12:00'] });
  });

  it.each([
    ['26 hours after it was published', '2026-11-23T13:00:00Z', undefined],
    ['later than that', '2026-11-23T13:00:01Z', ['task of 09:30/10:00']],
  ])('whose export nobody confirms is reported: %s', (_, now, unconfirmed) => {
    const entries = [first, { ...rest, state: 'published' as const }];
    expect(closed({ request, entries, now })?.unconfirmed).toEqual(unconfirmed);
  });

  it('reports what Huawei no longer has, and stays open for the rest', () => {
    const old = requestFor({ window: '2026-10-13T00:00:00Z/2026-10-24T00:00:00Z' });
    expect(closed({ request: old, now: '10:00' })).toEqual({
      newlyLost: ['2026-10-13T00:00/2026-10-23T10:05'],
      state: 'open',
      lost: ['2026-10-13T00:00/2026-10-23T10:05'],
      tasks: [],
      unconfirmed: [],
    });
  });

  it('reports the same loss once, and a growing loss as a whole', () => {
    const lost = [spanOf('2026-10-13T00:00:00Z/2026-10-23T10:05:00Z')];
    const old = { ...requestFor({ window: '2026-10-13T00:00:00Z/2026-10-24T00:00:00Z' }), lost };
    expect(closed({ request: old, now: '10:00' })).toBeUndefined();
    expect(closed({ request: old, now: '11:00' })).toBeUndefined();
    expect(closed({ request: old, now: '2026-11-23T00:00:00Z' })?.newlyLost).toEqual([
      '2026-10-23T10:05/2026-10-24T00:00',
    ]);
  });

  it('has lost nothing that an export has, however old', () => {
    const old = requestFor({ window: '2026-10-13T00:00:00Z/2026-10-14T00:00:00Z' });
    const entries = [nightOf({ window: '2026-10-13T00:00:00Z/2026-10-14T00:00:00Z' })];
    expect(closed({ request: old, entries, now: '10:00' })).toMatchObject({ newlyLost: [], state: 'served' });
  });

  it('is lost when all of it is', () => {
    const old = requestFor({ window: '2026-10-13T00:00:00Z/2026-10-14T00:00:00Z' });
    expect(closed({ request: old, now: '10:00' })).toMatchObject({ state: 'lost', tasks: [] });
  });

  it.each([
    ['as a whole', '2026-10-14T00:00:00Z', '2026-11-22T10:00:00Z'],
    ['in part', '2026-10-24T00:00:00Z', '2026-11-23T10:00:00Z'],
  ])('that is lost %s is to be shown for a week after it is closed', (_, end, now) => {
    const old = requestFor({ window: `2026-10-13T00:00:00Z/${end}` });
    const rest = nightOf({ window: '2026-10-20T00:00:00Z/2026-10-25T00:00:00Z', state: 'confirmed' });
    const at = { target: targetWith(), now: instantOf(now) };
    const [closing] = closings([old], [rest], at);
    expect(String(closing?.next.shownUntil)).toBe(String(at.now.add({ hours: 168 })));
  });

  it('of which nothing is lost is not to be shown once it is closed, and of one that is open nothing is written', () => {
    const at = { target: targetWith(), now: instantOf('11:05') };
    const [whole] = closings([request], [first, rest], at);
    expect(whole?.next).not.toHaveProperty('shownUntil');
    const old = requestFor({ window: '2026-10-13T00:00:00Z/2026-10-24T00:00:00Z' });
    expect(closings([old], [], at)[0]?.next).not.toHaveProperty('shownUntil');
  });

  it('names a hundred tasks at the most', () => {
    const entries = Array.from({ length: 120 }, (_, index) => ({
      ...exportOf({ window: '08:00/10:00', at: '11:00', state: 'confirmed', number: index + 1 }),
      taskId: `task-${index}`,
    }));
    expect(closed({ request, entries, now: '12:00' })?.tasks).toHaveLength(100);
  });
});
