import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { InputError } from '../domain/errors.ts';
import { visible } from '../domain/visible-text.ts';
import { buildFunctions } from './build-functions.ts';
import type { SettingsFiles } from './settings-documents.ts';

const FUNCTIONS = ['scheduled-export', 'alert-export'];

const USAGE = 'Usage: npm run build -- [--targets FILE] [--alerts FILE]';

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const options = readArguments(args);
  if (typeof options === 'string') return complain(`${options}\n${USAGE}`);
  try {
    const root = join(import.meta.dirname, '..', '..');
    for (const { zip, bytes } of await buildFunctions({ root, functions: FUNCTIONS, ...options })) {
      process.stdout.write(`${relative(root, zip)} ${Math.round(bytes / 1024)} KB\n`);
    }
    return 0;
  } catch (error) {
    // What a person can fix is said without a stack trace; all else keeps it.
    if (error instanceof InputError) return complain(error.message);
    if (error instanceof Error && 'errors' in error) return 1; // esbuild has shown them, with the lines at issue
    throw error;
  }
}

function readArguments(args: string[]): SettingsFiles | string {
  try {
    const { values } = parseArgs({
      args,
      options: { targets: { type: 'string' }, alerts: { type: 'string' } },
    });
    return {
      targetsFile: values.targets && resolve(values.targets),
      alertsFile: values.alerts && resolve(values.alerts),
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function complain(text: string): number {
  process.stderr.write(`${visible(text)}\n`);
  return 2;
}
