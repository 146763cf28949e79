import { InputError } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { selectTargets } from '../../exports/targets.ts';
import { readTargetsFile } from '../../settings/files.ts';
import { type AddCommand, DEFAULT_STATE } from '../context/command.ts';
import { showScheduledRun } from '../context/local-run.ts';
import { clockFrom, instantOption } from '../context/options.ts';
import { count } from '../output/format.ts';

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
    .option('--targets <file>', 'the targets file', 'infra/settings/targets.yml')
    .option('--secrets <file>', 'the credentials, {"<name>": {"kind": …}}', `${DEFAULT_STATE}/secrets.json`)
    .option('--target <id>', 'this target alone')
    .option(
      '--at <time>',
      'the scheduled time the run stands for, RFC 3339 (default: now); Huawei no longer has the windows of one more than 30 days ago: what of them is not exported counts as lost',
      instantOption,
    )
    .option('--now <time>', 'set the clock, for rehearsals, RFC 3339', instantOption)
    .option(
      '--sweep',
      "stand for the time at which the target's schedule fired last before --at (of a rate: the newest run), and do what was due then, nothing that became due later",
    )
    .option('--state <folder>', 'where ledger and queue are kept', DEFAULT_STATE)
    .action(async (options: RunOptions) => {
      const { screen } = context;
      const clock = clockFrom(options.now, screen);
      const targets = someOf(
        selectTargets(await readTargetsFile(options.targets), options.target),
        options.targets,
      );
      const { at: scheduledTime, now, state, secrets, sweep = false } = options;
      const job = sweep ? 'Sweep' : 'Scheduled export';
      const at = scheduledTime ? ` for ${scheduledTime}` : '';
      screen.print(`${job} of ${count(targets.length, 'target')}${at}\n`);
      const local = { state, secrets, clock, isRehearsal: now !== undefined };
      await showScheduledRun({ ...local, targets, scheduledTime, sweep }, context);
      screen.print(
        `\nState: ${options.state}. To read the queue: npx login-export queue --state ${options.state}`,
      );
    });
};

// Whoever starts a run that can do nothing has named another file than they meant, or would never hear that all is off.
function someOf(targets: Target[], file: string): Target[] {
  if (targets.length > 0) return targets;
  const message = 'has no target that is enabled: set enabled: true of one, or leave it out';
  throw new InputError('Nothing is exported:', [{ path: file, message }]);
}
