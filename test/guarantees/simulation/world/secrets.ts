import type { Emulator } from '../../../../lib/emulator/emulator.ts';
import { DEMO_ACCOUNT } from '../../../../lib/emulator/iam/accounts.ts';
import type { Chance } from '../story/chance.ts';
import type { Deployment } from './deployment.ts';

/** The name of the secret of the target. */
export const CREDENTIAL_NAME = 'huawei/acme';

/** The valid secret of a world, which can change, and the secret in the store, which can be missing or malformed. */
export function createSecretKeeper(
  kind: 'password' | 'access_key',
  { emulator, deployment, chance }: { emulator: Emulator; deployment: Deployment; chance: Chance },
) {
  const ever: string[] = [];
  let right: Record<string, unknown> = {};

  const renew = (): void => {
    const secret = `fake-secret-${chance.hex(16)}`;
    ever.push(secret);
    right = kind === 'password' ? newPassword(secret) : newKey(secret);
  };
  const newPassword = (password: string) => {
    emulator.setPassword({ ...DEMO_ACCOUNT.user, password });
    return { kind, ...DEMO_ACCOUNT.user, password };
  };
  const newKey = (secretAccessKey: string) => {
    emulator.setAccessKeys([{ ...DEMO_ACCOUNT.accessKey, secretAccessKey }]);
    const { accessKeyId: access_key_id } = DEMO_ACCOUNT.accessKey;
    return { kind, access_key_id, secret_access_key: secretAccessKey };
  };

  renew();
  deployment.store(right);

  return {
    set: (state: 'right' | 'missing' | 'malformed' | 'rotated'): void => {
      if (state === 'rotated') renew();
      // A rotation also repairs a missing or malformed secret.
      deployment.store(state === 'missing' || state === 'malformed' ? state : right);
    },
    /** All secrets so far; none may be in any output. */
    ever: (): readonly string[] => ever,
  };
}
