import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { PASSWORD, secretsFile, startHuawei } from '../huawei/start-huawei.ts';
import { temporaryFolder } from '../vitest/temporary-folder.ts';
import { login } from './command-line.ts';

/**
 * A folder with a targets file and secrets for the emulator, and commands on this folder. `at` sets the clocks of the
 * emulator and of the command, so that a test moves through weeks. `real` runs a command with the clock of the machine,
 * and `piped` a command that reads standard input.
 */
export async function settingsFolder(...targets: object[]) {
  const { emulator, origin, time } = await startHuawei();
  const folder = temporaryFolder();
  const file = join(folder, 'targets.yml');
  const endpoints = { iam: origin, export: origin, tasks: origin };
  const least = { id: 'acme', region: DEMO_ACCOUNT.project.name, credential: 'huawei/acme', endpoints };
  /** Replaces the targets file. */
  const writeTargets = (all: readonly object[]) =>
    writeFileSync(file, stringify({ targets: all.map((settings) => ({ ...least, ...settings })) }));
  writeTargets(targets);
  const secrets = secretsFile({ 'huawei/acme': PASSWORD }, folder);
  const state = join(folder, 'state');
  const wordsOf = (name: string, more: readonly string[]) => {
    const needed = ['run', 'alert', 'backfill'].includes(name) ? ['--secrets', secrets] : [];
    return [name, '--targets', file, '--state', state, ...needed, ...more];
  };
  const real = (name: string, ...more: string[]) => login(wordsOf(name, more));
  const piped = (input: string | Uint8Array, name: string, now: string, ...more: string[]) => {
    time.now = time.now.add(time.now.until(now));
    return login(wordsOf(name, ['--now', now, ...more]), { input });
  };
  const command = (name: string, now: string, ...more: string[]) => piped('', name, now, ...more);
  const json = async (name: string, now: string, ...more: string[]) =>
    JSON.parse((await command(name, now, '--json', ...more)).stdout);
  return { emulator, time, folder, state, writeTargets, command, piped, real, json };
}

/** The lines of a screen that do not fit 80 columns. */
export function tooLong(screen: string): string[] {
  return screen.split('\n').filter((line) => [...line].length > 80);
}

/** The text of a screen as one line, without its line breaks. */
export function flat(screen: string): string {
  return screen.replaceAll(/\s+/g, ' ');
}

/** An id of the greatest length. */
export const LONG_ID = `${'quarter-hours-of-a-company-with-a-very-long-name-'.padEnd(62, 'x')}1`;
