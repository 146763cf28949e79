import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { InputError } from '../domain/errors.ts';
import { visible } from '../domain/visible-text.ts';
import { buildFunctions } from './build-functions.ts';
import { type SettingsSource, settingsSource } from './settings-documents.ts';

const FUNCTIONS = ['scheduled-export', 'alert-export'];

const USAGE = 'Usage: npm run build -- [--param settings=DIR | --param samples=true]';

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const given = readArguments(args);
  if (typeof given === 'string') return complain(`${given}\n${USAGE}`);
  try {
    const settings = settingsSource(given);
    const root = join(import.meta.dirname, '..', '..');
    for (const { zip, bytes } of await buildFunctions({ root, functions: FUNCTIONS, settings })) {
      process.stdout.write(`${relative(root, zip)} ${Math.round(bytes / 1024)} KB\n`);
    }
    process.stdout.write(`With ${nameOf(settings)}\n`);
    return 0;
  } catch (error) {
    // What a person can fix is said without a stack trace; all else keeps it.
    if (error instanceof InputError) return complain(error.message);
    if (error instanceof Error && 'errors' in error) return 1; // esbuild has shown them, with the lines at issue
    throw error;
  }
}

// The parameters of a deployment are osls's: those that do not say where the settings are may be given here, too.
function readArguments(args: string[]): string[] | string {
  try {
    return parseArgs({ args, options: { param: { type: 'string', multiple: true } } }).values.param ?? [];
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function nameOf({ folder, samples }: SettingsSource): string {
  return `the ${samples ? 'examples' : 'settings'} of ${folder}`;
}

function complain(text: string): number {
  process.stderr.write(`${visible(text)}\n`);
  return 2;
}
