import type { Instant } from '../../domain/time/instant.ts';
import { type AlertsReport, exportForAlerts } from '../../exports/alerts/alert-run.ts';
import { orThrowIssues } from '../../exports/alerts/events/event.ts';
import { type AlertFiles, DEFAULT_ALERTS, readAlertFiles } from '../context/alert-input.ts';
import { type AddCommand, DEFAULT_STATE } from '../context/command.ts';
import { showLocalWork, showMessages } from '../context/local-run.ts';
import { clockFrom, instantOption } from '../context/options.ts';
import { hanging, wrapped } from '../output/text.ts';
import { openWords, servedWords } from '../views/alerts.ts';
import { printEvent } from '../views/events.ts';

type AlertOptions = AlertFiles & { secrets: string; at?: Instant; now?: Instant; state: string };

export const addAlert: AddCommand = (program, context) => {
  program
    .command('alert')
    .description('export the logins around a security alert on this machine, as the alert function does')
    .requiredOption('--event <file>', 'the event as EventBridge delivers it, in JSON; - reads standard input')
    .option('--targets <file>', 'the targets file', 'infra/settings/targets.yml')
    .option('--alerts <file>', 'the rules: which alerts lead to exports of which targets', DEFAULT_ALERTS)
    .option('--secrets <file>', 'the credentials, {"<name>": {"kind": …}}', `${DEFAULT_STATE}/secrets.json`)
    .option('--at <time>', 'when the alert arrived, RFC 3339 (default: now)', instantOption)
    .option('--now <time>', 'a simulated clock, for rehearsals, RFC 3339', instantOption)
    .option('--state <folder>', 'the folder of the ledger and the queue', DEFAULT_STATE)
    .action(async (options: AlertOptions) => {
      const { screen, signal } = context;
      const clock = clockFrom(options.now, screen);
      const { event, input } = await readAlertFiles(options, options.at ?? clock(), context);
      let report: AlertsReport = { received: 0, unmatched: 0, targets: [] };
      const { messages } = await showLocalWork(
        {
          ...options,
          clock,
          isRehearsal: options.now !== undefined,
          observe: (one) => printEvent(screen, one),
          work: async (ports) => {
            report = await exportForAlerts(ports, input, signal);
            return report.targets;
          },
          besides: () => ({
            received: report.received,
            unmatched: report.unmatched,
            unreadable: event.issues,
          }),
        },
        context,
      );
      screen.print(wrapped(servedWords(report)));
      for (const line of openWords(report, clock()))
        screen.print(hanging(line, line.startsWith(' ') ? '  ' : ''));
      showMessages(messages, screen);
      orThrowIssues(event, report);
    });
};
