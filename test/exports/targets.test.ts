import { describe, expect, it } from 'vitest';
import { selectTargets, targetNamed, targetsToShow } from '../../lib/exports/targets.ts';
import { targetAt } from '../support/huawei/start-huawei.ts';

const origin = 'http://127.0.0.1:9';
const prod = targetAt(origin, { id: 'acme-prod' });
const off = targetAt(origin, { id: 'acme-off', enabled: false });

describe('the targets of a run', () => {
  it('are all that are enabled when none is named', () => {
    expect(selectTargets([prod, off], undefined)).toEqual([prod]);
  });

  it('are the one that is named', () => {
    expect(selectTargets([prod, off], 'acme-prod')).toEqual([prod]);
  });

  it.each([
    ['acme-prd', 'did you mean "acme-prod"?'],
    ['acme-off', 'is not enabled'],
  ])('are not %s, and the error helps', (id, help) => {
    expect(() => selectTargets([prod, off], id)).toThrow(help);
  });
});

describe('the targets to look at', () => {
  it('are those of a run, and one that is named although it is disabled', () => {
    expect(targetsToShow([prod, off], undefined)).toEqual([prod]);
    expect(targetsToShow([prod, off], 'acme-off')).toEqual([off]);
    expect(() => targetsToShow([prod, off], 'acme-prd')).toThrow('did you mean "acme-prod"?');
  });
});

it.each([
  [{ target_id: 'acme' }, 'acme'],
  [{ target_id: 'Acme\n' }, '_none'],
  [{ target_id: 7 }, '_none'],
  [{ sweep: true }, '_none'],
  [null, '_none'],
  ['acme', '_none'],
])('the event %j names the target %s', (event, id) => {
  expect(targetNamed(event)).toBe(id);
});
