import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError, type Issue } from '../../../../lib/domain/errors.ts';
import { type AlertEvent, readAlertEvent } from '../../../../lib/exports/alerts/events/event.ts';
import { ARRIVED_AT, changed, fixture, SAMPLES } from '../../../support/alerts/sample-events.ts';

const MARK = 'must-not-be-repeated';

const events = SAMPLES.map((name) => ({ event: fixture(name), paths: pathsOf(fixture(name)) }));

const junk = fc.oneof(
  fc.constantFrom(undefined, null, true, '', ' ', 0, -1, 1e300, 8.64e15, [], {}, [[]], [null], [{}]),
  fc.constantFrom(MARK, [MARK], { [MARK]: 1 }, { findings: [MARK] }, [{ key: MARK }]),
  fc.string({ unit: 'binary' }).map((text) => `${MARK} ${text}`),
  fc.constantFrom('x'.repeat(10_000), 'x\u001b[2J\u0007', '9999-12-31T23:59:59Z', '0001-01-01T00:00:00Z'),
  fc.constantFrom({ toString: 1 }, { valueOf: null, toString: null }, { length: 5 }),
  fc.double(),
  fc.jsonValue({ maxDepth: 2 }),
);

const mutated = fc
  .constantFrom(...events)
  .chain(({ event, paths }) =>
    fc
      .array(fc.tuple(fc.constantFrom(...paths), junk), { minLength: 1, maxLength: 4 })
      .map((changes) => changes.reduce(attempt, event)),
  );

describe('an event with anything in any place', () => {
  it('is read, or refused with issues that repeat nothing of it', () => {
    const outcomes: boolean[] = [];
    const check = (event: unknown) => {
      const read = attemptToRead(event);
      outcomes.push(!(read instanceof InputError));
      if (read instanceof InputError) expectClear(read);
      else expectSound(read);
    };
    fc.assert(fc.property(mutated, check), { numRuns: 3000 });
    expect(outcomes.filter((wasRead) => wasRead).length).toBeGreaterThan(300);
    expect(outcomes.filter((wasRead) => !wasRead).length).toBeGreaterThan(300);
  });

  it('does not stand in the message of the error, wherever a value is of the wrong kind', () => {
    const repeated = events.flatMap(({ event, paths }) =>
      paths.filter((path) => {
        const read = attemptToRead(attempt(event, [path, `${MARK}\n`]));
        return read instanceof InputError && read.message.includes(MARK);
      }),
    );
    expect(repeated).toEqual([]);
  });
});

function expectClear({ issues }: { issues: readonly Issue[] }) {
  expect(issues.length).toBeGreaterThan(0);
  expect(issues.map(({ message }) => message).join()).not.toContain(MARK);
}

function expectSound(read: AlertEvent) {
  if (read.issues.length > 0) expectClear(read);
  expect(read.alerts.length).toBeGreaterThan(0);
  for (const { id, source, account, region, types, firstSeen, lastSeen, named } of read.alerts) {
    expect(id).not.toBe('');
    expect(types.length).toBeLessThanOrEqual(50);
    expect(
      lastSeen.epochNanoseconds <= ARRIVED_AT.epochNanoseconds || read.alerts[0]?.requested?.to,
    ).toBeTruthy();
    for (const kept of [id, source, account, region, ...types, ...Object.values(named).flat()]) {
      expect(kept).not.toMatch(/\p{Cc}/u);
      expect(kept.length).toBeLessThanOrEqual(512);
    }
    expect(types.length).toBeGreaterThan(0);
    expect(firstSeen.epochNanoseconds <= lastSeen.epochNanoseconds).toBe(true);
    for (const values of Object.values(named)) expect(values.length).toBe(new Set(values).size);
  }
}

function attemptToRead(event: unknown): AlertEvent | InputError {
  try {
    return readAlertEvent(event, { arrivedAt: ARRIVED_AT });
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

// An earlier change may have taken away what a later one is about.
function attempt(event: unknown, [path, value]: [string, unknown]): unknown {
  try {
    return changed(event, path, value);
  } catch (error) {
    if (error instanceof TypeError) return event;
    throw error;
  }
}

/** The path of every value in a document, as `changed` takes them. */
function pathsOf(value: unknown, prefix: readonly string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = [...prefix, key];
    return key.includes('.') ? [] : [path.join('.'), ...pathsOf(inner, path)];
  });
}
