import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { onTestFinished } from 'vitest';
import { type Target, target } from '../../../lib/domain/input/target.ts';
import { createEmulator, type Emulator } from '../../../lib/emulator/emulator.ts';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import type { EmulatorOptions } from '../../../lib/emulator/options.ts';
import type { Clock } from '../../../lib/ports.ts';
import { temporaryFolder } from '../vitest/temporary-folder.ts';

/** The emulator on a free port until the end of the test, with a clock that the test moves. */
export async function startHuawei(options: EmulatorOptions = {}, start = '2026-11-23T00:35:00Z') {
  const time = { now: Temporal.Instant.from(start) };
  const clock: Clock = () => time.now;
  const emulator: Emulator = createEmulator({ clock: () => clock().epochMilliseconds, ...options });
  const { origin } = await emulator.listen();
  onTestFinished(() => emulator.close());
  return { emulator, origin, time, clock };
}

/** A target whose three hosts are one origin. */
export function targetAt(origin: string, settings: Record<string, unknown> = {}): Target {
  return target.parse({
    id: 'acme',
    region: DEMO_ACCOUNT.project.name,
    credential: 'huawei/acme',
    endpoints: { iam: origin, export: origin, tasks: origin },
    ...settings,
  });
}

export const PASSWORD = { kind: 'password', ...DEMO_ACCOUNT.user };

export const ACCESS_KEY = {
  kind: 'access_key',
  access_key_id: DEMO_ACCOUNT.accessKey.accessKeyId,
  secret_access_key: DEMO_ACCOUNT.accessKey.secretAccessKey,
};

/** Writes secrets to a file that only its owner may read, by default in a new folder; returns its path. */
export function secretsFile(secrets: unknown, folder = temporaryFolder()): string {
  const file = join(folder, 'secrets.json');
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return file;
}
