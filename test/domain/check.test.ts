import { describe, expect, it } from 'vitest';
import { failedBy } from '../../lib/domain/check.ts';
import { InfrastructureError, InputError, RefusedError } from '../../lib/domain/errors.ts';

describe('a check that failed with an error', () => {
  it('has what happened and what to do apart', () => {
    const error = new RefusedError('Huawei refuses it.', { fix: 'Allow it.' });
    expect(error.message).toBe('Huawei refuses it. Allow it.');
    expect(failedBy('list_permission', error, 'Else.')).toEqual({
      check: 'list_permission',
      status: 'failed',
      message: 'Huawei refuses it.',
      fix: 'Allow it.',
    });
  });

  it('has the other fix where the error has none', () => {
    expect(failedBy('state', new InfrastructureError('It broke.'), 'Else.').fix).toBe('Else.');
    const input = new InputError('Wrong:', [{ path: 'a', message: 'is missing' }]);
    expect(failedBy('secret', input, 'Else.').fix).toBe('Else.');
  });

  it('lists all issues of an input, and each fix once, whatever is in the messages', () => {
    const issues = [
      { path: 'a', message: 'is missing; it must be text', fix: 'write it' },
      { path: 'b', message: 'is missing', fix: 'write it' },
      { path: 'c', message: 'is not known here', fix: 'did you mean "a"?' },
    ];
    expect(failedBy('secret', new InputError('Wrong:', issues), 'Else.')).toEqual({
      check: 'secret',
      status: 'failed',
      message: 'Wrong: a is missing; it must be text; b is missing; c is not known here.',
      fix: 'Write it; did you mean "a"?',
    });
  });
});
