import type { Instant } from '../../domain/time/instant.ts';
import { orThrowIssues } from '../../exports/alerts/events/event.ts';
import { type AlertsReport, exportForAlerts } from '../../exports/alerts/run.ts';
import { type AlertFiles, DEFAULT_ALERTS, readAlertFiles } from '../context/alert-input.ts';
import { type AddCommand, DEFAULT_STATE } from '../context/command.ts';
import { showLocalWork, showMessages } from '../context/local-run.ts';
import { clockFrom, instantOption } from '../context/options.ts';
import { openWords, servedWords } from '../output/format.ts';
import { hanging, wrapped } from '../output/text.ts';
import { printEvent } from '../views/events.ts';

type AlertOptions = AlertFiles & { secrets: string; at?: Instant; now?: Instant; state: string };

export const addAlert: AddCommand = (program, context) => {
  program
    .command('alert')
    .description('export the logins around a security alert, on this machine, as the function would')
    .requiredOption('--event <file>', 'the event as EventBridge delivers it, in JSON; - reads standard input')
    .option('--targets <file>', 'the targets file', 'infra/settings/targets.yml')
    .option('--alerts <file>', 'the rules: which alerts are for which targets', DEFAULT_ALERTS)
    .option('--secrets <file>', 'the credentials, {"<name>": {"kind": …}}', `${DEFAULT_STATE}/secrets.json`)
    .option('--at <time>', 'when the alert came, RFC 3339 (default: now)', instantOption)
    .option('--now <time>', 'set the clock, for rehearsals, RFC 3339', instantOption)
    .option('--state <folder>', 'where ledger and queue are kept', DEFAULT_STATE)
    .action(async (options: AlertOptions) => {
      const { screen, signal } = context;
      const clock = clockFrom(options.now, screen);
      const { event, input } = await readAlertFiles(options, options.at ?? clock(), context);
      let told: AlertsReport = { received: 0, unmatched: 0, targets: [] };
      const { messages } = await showLocalWork(
        {
          ...options,
          clock,
          isRehearsal: options.now !== undefined,
          tell: (one) => printEvent(screen, one),
          work: async (ports) => {
            told = await exportForAlerts(ports, input, signal);
            return told.targets;
          },
          besides: () => ({ received: told.received, unmatched: told.unmatched, unreadable: event.issues }),
        },
        context,
      );
      screen.print(wrapped(servedWords(told)));
      for (const line of openWords(told, clock()))
        screen.print(hanging(line, line.startsWith(' ') ? '  ' : ''));
      showMessages(messages, screen);
      orThrowIssues(event, told);
    });
};
