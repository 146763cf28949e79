import { Command } from 'commander';
import { addAlert } from './commands/alert.ts';
import { addBackfill } from './commands/backfill.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEmulator } from './commands/emulator.ts';
import { addPlan } from './commands/plan.ts';
import { addQueue } from './commands/queue.ts';
import { addRun } from './commands/run.ts';
import { addStart } from './commands/start.ts';
import { addStatus } from './commands/status.ts';
import type { CommandContext } from './context/command.ts';
import {
  ExitStatus,
  errorDocument,
  errorStatus,
  errorText,
  stoppedStatus,
  toExpected,
} from './context/exit.ts';
import { isHelpShown, throwUsageErrors } from './context/usage.ts';
import { createScreen, type Streams } from './output/screen.ts';

export type CliIo = Streams &
  Pick<CommandContext, 'signal' | 'outputClosed'> &
  Partial<Pick<CommandContext, 'environment' | 'stdin'>>;

/** Runs the command line and resolves to its exit status; it never throws and never exits by itself. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  const screen = createScreen(io, { json: argv.includes('--json') });
  let status: number = ExitStatus.done;
  const program = new Command('login-export')
    .description(
      'Exports the login records of Huawei Cloud Workspace, window by window, and reports every loss.',
    )
    .option('--json', 'print one JSON document on standard output and nothing else there')
    .configureOutput({ writeOut: (text) => screen.print(text.trimEnd()), writeErr: () => undefined })
    .showSuggestionAfterError()
    .addHelpText('after', EXIT_STATUSES);
  for (const add of [
    addStart,
    addRun,
    addPlan,
    addBackfill,
    addAlert,
    addStatus,
    addDoctor,
    addQueue,
    addEmulator,
  ]) {
    add(program, { environment: {}, ...io, screen, exit: (code) => (status = code) });
  }
  throwUsageErrors(program);
  try {
    await program.parseAsync(withCommand(argv), { from: 'user' });
    return io.signal.aborted ? stoppedStatus(io.signal) : status;
  } catch (error) {
    if (isHelpShown(error)) return ExitStatus.done;
    const shown = toExpected(error);
    screen.fail(errorText(shown), errorDocument(shown));
    return errorStatus(shown, io.signal);
  }
}

// Without the name of a command, `start` runs, with or without options. As the parser's default command, `start` would
// take a misspelt command as its argument.
function withCommand(argv: readonly string[]): string[] {
  const first = argv.find((word) => word !== '--json');
  const isNamed = first !== undefined && (!first.startsWith('-') || ['-h', '--help'].includes(first));
  return isNamed ? [...argv] : ['start', ...argv];
}

const EXIT_STATUSES = `
Exit status: 0 done; 1 at least one window is not exported; 2 wrong usage or
settings; 129 interrupted by a lost connection (SIGHUP), 130 by Ctrl-C or
SIGTERM.`;
