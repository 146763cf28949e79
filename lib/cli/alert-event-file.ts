import type { Instant } from '../domain/instant.ts';
import { type AlertEvent, readAlertEvent } from '../exports/alerts/alert-event.ts';
import { type AlertsInput, matchAlerts } from '../exports/alerts/matched.ts';
import { readAlertsFile } from '../settings/alerts-file.ts';
import { placed } from '../settings/placed.ts';
import { readTargetsFile } from '../settings/targets-file.ts';
import { parseYaml, readYamlFile, type YamlFile } from '../settings/yaml-file.ts';
import type { CommandContext } from './command.ts';
import { readStandardInput } from './standard-input.ts';

/** Where an event and the settings of the exports for alerts are; the event is on standard input where it is `-`. */
export type AlertFiles = { event: string; targets: string; alerts: string };

export const DEFAULT_ALERTS = 'infra/alerts.yml';

/** Reads an event and what is to be done about it. Throws an `InputError` that names the file that is not right. */
export async function readAlertFiles(
  { event: file, targets, alerts }: AlertFiles,
  arrivedAt: Instant,
  context: Input,
): Promise<{ event: AlertEvent; input: AlertsInput }> {
  const known = await readTargetsFile(targets);
  const rules = await readAlertsFile(alerts, known);
  const event = placed(await readEventFile(file, context), (document) =>
    readAlertEvent(document, { arrivedAt }),
  );
  const input = { alerts: event.alerts, rules, targets: known, arrivedAt };
  // A target that is not there is found here, before anything is started.
  matchAlerts(input);
  return { event, input };
}

type Input = Pick<CommandContext, 'screen' | 'signal' | 'stdin'>;

async function readEventFile(file: string, context: Input): Promise<YamlFile> {
  if (file !== '-') return readYamlFile(file);
  return parseYaml(await readStandardInput({ ...context, wanted: 'the event' }), 'Standard input');
}
