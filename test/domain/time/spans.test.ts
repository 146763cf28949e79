import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  from,
  intersection,
  type Span,
  union,
  before as upTo,
  without,
} from '../../../lib/domain/time/spans.ts';
import { cpuMilliseconds } from '../../support/process/cpu-time.ts';

// Whole numbers stand for minutes; the model is the set of the minutes that a list of spans covers.
const LAST = 40;
type Numbers = [start: number, end: number];

const instant = (minute: number) => Temporal.Instant.fromEpochMilliseconds(minute * 60_000);
const minute = (at: Temporal.Instant) => at.epochMilliseconds / 60_000;
const spans = (numbers: readonly Numbers[]): Span[] =>
  numbers.map(([start, end]) => ({ start: instant(start), end: instant(end) }));
const numbers = (all: readonly Span[]): Numbers[] =>
  all.map(({ start, end }) => [minute(start), minute(end)]);

const minutesOf = (all: readonly Numbers[]): Set<number> =>
  new Set(
    all.flatMap(([start, end]) => Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i)),
  );

/** The only way to write a set of minutes down: in order, without overlaps, and what touches is one span. */
function canonical(minutes: Set<number>): Numbers[] {
  const written: Numbers[] = [];
  for (let at = 0; at <= LAST; at += 1) {
    if (!minutes.has(at)) continue;
    const last = written.at(-1);
    if (last?.[1] === at) last[1] = at + 1;
    else written.push([at, at + 1]);
  }
  return written;
}

// Empty ones, nested, touching, twice the same, in any order; now and then one whose end lies before its start.
const at = fc.integer({ min: 0, max: LAST });
const anySpans = fc.array(fc.tuple(at, at), { maxLength: 12 });
const realSpans = anySpans.map((all) => all.filter(([start, end]) => start < end));

describe('sets of time', () => {
  it('united hold what any of them holds', () => {
    fc.assert(
      fc.property(anySpans, (some) => {
        expect(numbers(union(spans(some)))).toEqual(canonical(minutesOf(some)));
      }),
      { numRuns: 500 },
    );
  });

  it('without others hold what none of the others holds', () => {
    fc.assert(
      fc.property(anySpans, anySpans, (some, others) => {
        const taken = minutesOf(others);
        const expected = new Set([...minutesOf(some)].filter((one) => !taken.has(one)));
        expect(numbers(without(spans(some), spans(others)))).toEqual(canonical(expected));
      }),
      { numRuns: 1000 },
    );
  });

  it('intersected hold what both hold', () => {
    fc.assert(
      fc.property(anySpans, anySpans, (some, others) => {
        const taken = minutesOf(others);
        const expected = new Set([...minutesOf(some)].filter((one) => taken.has(one)));
        expect(numbers(intersection(spans(some), spans(others)))).toEqual(canonical(expected));
      }),
      { numRuns: 500 },
    );
  });

  it('are cut in two at an edge', () => {
    fc.assert(
      fc.property(realSpans, at, (some, edge) => {
        const set = union(spans(some));
        const [early, late] = [upTo(set, instant(edge)), from(set, instant(edge))];
        const minutes = [...minutesOf(some)];
        expect(numbers(early)).toEqual(canonical(new Set(minutes.filter((one) => one < edge))));
        expect(numbers(late)).toEqual(canonical(new Set(minutes.filter((one) => one >= edge))));
      }),
      { numRuns: 500 },
    );
  });

  it('leave what they were made of as it was', () => {
    const some = spans([
      [5, 9],
      [1, 6],
    ]);
    const copy = numbers(some);
    union(some);
    without(some, some);
    intersection(some, some);
    upTo(some, instant(3));
    from(some, instant(3));
    expect(numbers(some)).toEqual(copy);
  });

  it('are exact to a nanosecond', () => {
    const start = instant(1);
    const [a, b] = [start.add({ nanoseconds: 1 }), start.add({ nanoseconds: 2 })];
    const set = without(
      [{ start, end: b }],
      [
        { start, end: a },
        { start: b, end: instant(2) },
      ],
    );
    expect(set.map(String)).toHaveLength(1);
    expect(set[0]?.start.equals(a) && set[0].end.equals(b)).toBe(true);
    const [touching, ...more] = union([
      { start: a, end: b },
      { start, end: a },
    ]);
    expect(more).toEqual([]);
    expect(touching?.start.equals(start) && touching.end.equals(b)).toBe(true);
  });

  it('of thousands of spans take no more than a moment', () => {
    const quarter = (index: number): Numbers => [index * 15, index * 15 + 15];
    const all = spans(Array.from({ length: 6000 }, (_, index) => quarter(index))).reverse();
    const every2nd = spans(Array.from({ length: 3000 }, (_, index) => quarter(index * 2)));
    const spent = cpuMilliseconds(() => {
      expect(union(all)).toHaveLength(1);
      expect(without(all, every2nd)).toHaveLength(3000);
      expect(intersection(every2nd, all)).toHaveLength(3000);
      expect(intersection(all, every2nd)).toHaveLength(3000);
    });
    // Where each of one list looked at each of the other, these would be tens of millions of comparisons.
    expect(spent).toBeLessThan(2_000);
  });
});
