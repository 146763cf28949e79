import { expect, it } from 'vitest';
import { secretCheck } from '../../lib/doctor/settings-checks.ts';
import { readCredential } from '../../lib/domain/input/credential.ts';
import { readTargets } from '../../lib/domain/input/targets-file.ts';

const REGIONS = ['ap-southeast-3'];

async function findingOf(password: string) {
  const document = { targets: [{ id: 'acme', region: 'ap-southeast-3', credential: 'huawei/acme' }] };
  const [target] = readTargets(document, { source: 'targets.yml', regions: REGIONS });
  if (!target) throw new Error('There is no target.');
  const credential = readCredential({ kind: 'password', domain: 'd', user: 'u', password }, 'huawei/acme');
  return (await secretCheck({ read: async () => credential }, target)).check;
}

it('a password with white space at an end is a warning, and not shown', async () => {
  const check = await findingOf('fake-password-7f3a ');
  expect(check).toMatchObject({
    status: 'warning',
    message: expect.stringContaining('The password ends with a space (U+0020).'),
    fix: 'Unless it is part of the password, remove it from the secret.',
  });
  expect(JSON.stringify(check)).not.toContain('fake-password');
  expect(await findingOf('fake-password-7f3a')).toMatchObject({ status: 'ok' });
});
