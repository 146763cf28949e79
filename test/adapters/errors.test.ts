import { describe, expect, test } from 'vitest';
import { wrapErrors } from '../../lib/adapters/errors.ts';
import { InfrastructureError, InputError } from '../../lib/domain/errors.ts';

describe('an attempt at a store or queue', () => {
  test('gives what it brought, at once or later', async () => {
    expect(await wrapErrors('read the shelf', () => 'now')).toBe('now');
    expect(await wrapErrors('read the shelf', () => Promise.resolve('later'))).toBe('later');
  });

  test.each([
    ['an error', new TypeError('no such shelf'), 'Could not read the shelf: TypeError: no such shelf'],
    [
      'an error with a code and no words',
      Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }),
      'Could not read the shelf: AggregateError: ECONNREFUSED',
    ],
    ['an error with nothing', new Error(), 'Could not read the shelf: Error: no more is known'],
    ['text', 'out of order', 'Could not read the shelf: out of order'],
  ])('that fails with %s says what was being done, and keeps the cause', async (_, cause, message) => {
    const error = await wrapErrors('read the shelf', () => Promise.reject(cause)).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(error).toMatchObject({ message, cause });
  });

  test('leaves an error alone that already says what to do', async () => {
    const ours = new InputError('A secret is missing:', [{ path: 'acme', message: 'create it' }]);
    await expect(wrapErrors('read the shelf', () => Promise.reject(ours))).rejects.toBe(ours);
  });
});
