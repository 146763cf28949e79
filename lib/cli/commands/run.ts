import type { Instant } from '../../domain/time/instant.ts';
import { selectTargets } from '../../exports/targets.ts';
import { type AddCommand, DEFAULT_STATE } from '../context/command.ts';
import { queueHint, showScheduledRun } from '../context/local-run.ts';
import { clockFrom, instantOption } from '../context/options.ts';
import { readTargets } from '../context/read-targets.ts';
import { count } from '../output/format.ts';
import { fitted } from '../output/text.ts';

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
    .description('run the scheduled job once on this machine: export every due window of each target')
    .option('--targets <file>', 'the targets file', 'infra/settings/targets.yml')
    .option('--secrets <file>', 'the credentials, {"<name>": {"kind": …}}', `${DEFAULT_STATE}/secrets.json`)
    .option('--target <id>', 'only this target')
    .option(
      '--at <time>',
      'the scheduled time of the run, RFC 3339 (default: now); with a time more than 30 days ago, windows that are not exported are lost',
      instantOption,
    )
    .option('--now <time>', 'a simulated clock, for rehearsals, RFC 3339', instantOption)
    .option(
      '--sweep',
      "run as a sweep: do what was due when the target's schedule last fired before --at (rate schedules: at the newest run), and nothing that became due later",
    )
    .option('--state <folder>', 'the folder of the ledger and the queue', DEFAULT_STATE)
    .action(async (options: RunOptions) => {
      const { screen } = context;
      const clock = clockFrom(options.now, screen);
      const targets = await readTargets(options, selectTargets);
      const { at: scheduledTime, now, state, secrets, sweep = false } = options;
      const job = sweep ? 'Sweep' : 'Scheduled export';
      const at = scheduledTime ? ` for ${scheduledTime}` : '';
      screen.print(`${job} of ${count(targets.length, 'target')}${at}\n`);
      const local = { state, secrets, clock, isRehearsal: now !== undefined };
      await showScheduledRun({ ...local, targets, scheduledTime, sweep }, context);
      screen.print(`\n${fitted(screen, queueHint(options.state))}`);
    });
};
