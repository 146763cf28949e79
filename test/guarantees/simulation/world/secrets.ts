import type { Emulator } from '../../../../lib/emulator/emulator.ts';
import { DEMO_ACCOUNT } from '../../../../lib/emulator/iam/accounts.ts';
import type { Chance } from '../story/chance.ts';
import type { Home } from './deployment.ts';

/** The name under which a target's secret is kept. */
export const CREDENTIAL_NAME = 'huawei/acme';

/** The right secret of a world, which changes, and what the store has of it, which may be none. */
export function createSecretKeeper(
  kind: 'password' | 'access_key',
  { emulator, home, chance }: { emulator: Emulator; home: Home; chance: Chance },
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
  home.store(right);

  return {
    set: (state: 'right' | 'missing' | 'malformed' | 'rotated'): void => {
      if (state === 'rotated') renew();
      // Whoever rotates a secret while the store is wrong puts it right.
      home.store(state === 'missing' || state === 'malformed' ? state : right);
    },
    /** All that must never be shown. */
    ever: (): readonly string[] => ever,
  };
}
