import { type CheckedTarget, runDoctor } from '../../doctor/run-doctor.ts';
import { readProxies } from '../../domain/input/proxies.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { targetsToShow } from '../../exports/targets.ts';
import { wireDoctor } from '../../wiring/local.ts';
import { type AddCommand, DEFAULT_STATE } from '../context/command.ts';
import { ExitStatus } from '../context/exit.ts';
import { clockFrom, instantOption } from '../context/options.ts';
import { readTargets } from '../context/read-targets.ts';
import { checkedText, checksSummary } from '../views/doctor.ts';

type DoctorOptions = { targets: string; secrets: string; target?: string; now?: Instant; state: string };

export const addDoctor: AddCommand = (program, { screen, signal, exit, environment }) => {
  program
    .command('doctor')
    .description('check what runs need, and say how to fix what is wrong; orders no export')
    .option('--targets <file>', 'the targets file', 'infra/settings/targets.yml')
    .option('--secrets <file>', 'the credentials, {"<name>": {"kind": …}}', `${DEFAULT_STATE}/secrets.json`)
    .option('--target <id>', 'only this target, also when it is not enabled')
    .option('--now <time>', 'a simulated clock, for rehearsals, RFC 3339', instantOption)
    .option('--state <folder>', 'the folder of the ledger and the queue', DEFAULT_STATE)
    .addHelpText(
      'after',
      '\nExit status of doctor: 0 nothing failed; 1 something failed; 2 wrong usage or settings.',
    )
    .action(async (options: DoctorOptions) => {
      const clock = clockFrom(options.now, screen);
      const targets = await readTargets(options, targetsToShow);
      const local = wireDoctor({ ...options, proxies: readProxies(environment), clock });
      const show = (checked: CheckedTarget) => screen.print(checkedText(checked, screen.paint));
      try {
        const all = await runDoctor(local.ports, targets, show, signal);
        screen.document({ checks: all.flatMap(documents) });
        screen.print(checksSummary(all));
        const hasFailed = all.some(({ checks }) => checks.some(({ status }) => status === 'failed'));
        exit(hasFailed ? ExitStatus.failed : ExitStatus.done);
      } finally {
        local.close();
      }
    });
};

function documents({ target, checks }: CheckedTarget) {
  return checks.map((check) => ({ target_id: target.id, ...check }));
}
