import type { Target } from '../../domain/input/target.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { Span } from '../../domain/time/spans.ts';
import { backfill } from '../../exports/backfill/backfill.ts';
import {
  type BackfillRange,
  backfillMoment,
  backfillRange,
  checkOrder,
} from '../../exports/backfill/range.ts';
import { selectTargets } from '../../exports/targets.ts';
import type { ServicePorts } from '../../run-ports.ts';
import { readTargetsFile } from '../../settings/files.ts';
import type { LocalOptions } from '../../wiring/local.ts';
import { type AddCommand, type CommandContext, DEFAULT_STATE } from '../context/command.ts';
import { createWaitForOthers, queueHint, showLocalWork } from '../context/local-run.ts';
import { clockFrom, instantOption } from '../context/options.ts';
import { count } from '../output/format.ts';
import { fitted, fittedLines } from '../output/text.ts';
import { createProgress } from '../views/progress.ts';

type BackfillOptions = {
  target: string;
  from: Instant;
  to: Instant;
  targets: string;
  secrets: string;
  now?: Instant;
  state: string;
};

export const addBackfill: AddCommand = (program, context) => {
  program
    .command('backfill')
    .description('export the gaps of a range; to continue after an interruption, run the same command again')
    .requiredOption('--target <id>', 'the target')
    .requiredOption('--from <time>', 'the start of the range, RFC 3339', instantOption)
    .requiredOption('--to <time>', 'the end of the range (exclusive), RFC 3339', instantOption)
    .option('--targets <file>', 'the targets file', 'infra/settings/targets.yml')
    .option('--secrets <file>', 'the credentials, {"<name>": {"kind": …}}', `${DEFAULT_STATE}/secrets.json`)
    .option('--now <time>', 'a simulated clock, for rehearsals, RFC 3339', instantOption)
    .option('--state <folder>', 'the folder of the ledger and the queue', DEFAULT_STATE)
    .action(async (options: BackfillOptions) => {
      checkOrder({ start: options.from, end: options.to });
      const clock = clockFrom(options.now, context.screen);
      const local = {
        state: options.state,
        secrets: options.secrets,
        clock,
        isRehearsal: options.now !== undefined,
      };
      const asked = { start: options.from, end: options.to };
      for (const target of selectTargets(await readTargetsFile(options.targets), options.target))
        await showBackfill({ ...local, target, asked }, context);
    });
};

type Backfill = Pick<LocalOptions, 'secrets' | 'state' | 'clock' | 'isRehearsal'> & {
  target: Target;
  asked: Span;
};

async function showBackfill({ target, asked, ...local }: Backfill, context: CommandContext): Promise<void> {
  const { screen, signal } = context;
  const progress = createProgress(screen);
  const waitForOthers = createWaitForOthers((text) => progress.print(fittedLines(screen, text)));
  const work = async (ports: ServicePorts) => {
    const moment = await backfillMoment(ports, target, signal);
    const range = backfillRange(target, asked, moment.scheduledTime);
    screen.print(fittedLines(screen, rangeText(target, range)));
    const trigger = { kind: 'command', scheduled_time: moment.scheduledTime.toString() } as const;
    try {
      return [
        await backfill({ ...ports, waitForOthers }, { target, range: range.due, trigger, moment }, signal),
      ];
    } finally {
      progress.end();
    }
  };
  const { reports } = await showLocalWork({ ...local, observe: progress.observe, work }, context);
  const deferred = reports.reduce((sum, report) => sum + report.deferred, 0);
  if (deferred > 0)
    screen.print(`${count(deferred, 'window')} deferred: run the same command again to continue.`);
  const { state } = local;
  screen.print(`\n${fitted(screen, queueHint(state))}`);
}

function rangeText({ id }: Target, { due, notDue }: BackfillRange): string {
  const range = `Backfill of target ${id}, ${due.start} to ${due.end}`;
  if (!notDue) return `${range}\n`;
  const { span, dueAt } = notDue;
  return `${range}\nNot due yet: ${span.start} to ${span.end}. Its first window is due at ${dueAt}.\n`;
}
