import type { Instant } from '../../domain/instant.ts';
import { selectTargets } from '../../exports/targets.ts';
import { readTargetsFile } from '../../settings/targets-file.ts';
import { clockFrom, instantOption } from '../clock.ts';
import { type AddCommand, DEFAULT_STATE } from '../command.ts';
import { showScheduledRun } from '../scheduled-run.ts';

type RunOptions = {
  targets: string;
  secrets: string;
  target?: string;
  at?: Instant;
  now?: Instant;
  sweep?: boolean;
  state: string;
};

export const addRun: AddCommand = (program, context) => {
  program
    .command('run')
    .description('do the scheduled job once, on this machine: export every window of each target that is due')
    .option('--targets <file>', 'the targets file', 'infra/targets.yml')
    .option('--secrets <file>', 'the credentials, {"<name>": {"kind": …}}', `${DEFAULT_STATE}/secrets.json`)
    .option('--target <id>', 'this target alone')
    .option('--at <time>', 'the scheduled time the run stands for, RFC 3339 (default: now)', instantOption)
    .option('--now <time>', 'set the clock, for rehearsals, RFC 3339', instantOption)
    .option('--sweep', 'only go on with what earlier runs began; order no window that none has planned')
    .option('--state <folder>', 'where ledger and queue are kept', DEFAULT_STATE)
    .action(async (options: RunOptions) => {
      const { screen } = context;
      const clock = clockFrom(options.now, screen);
      const targets = selectTargets(await readTargetsFile(options.targets), options.target);
      const scheduledTime = (options.at ?? clock()).round({ smallestUnit: 'second', roundingMode: 'floor' });
      const [job, scope] = options.sweep
        ? (['Sweep', 'rows'] as const)
        : (['Scheduled export', 'calendar'] as const);
      screen.print(`${job} of ${targets.length} target(s) for ${scheduledTime}\n`);
      await showScheduledRun({ ...options, targets, scheduledTime, scope, clock }, context);
      screen.print(
        `\nState: ${options.state}. To read the queue: npx login-export queue --state ${options.state}`,
      );
    });
};
