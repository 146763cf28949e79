import { InputError, InterruptedError } from '../../domain/errors.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { type AlertsInput, matchAlerts } from '../../exports/alerts/asked.ts';
import { type AlertEvent, readAlertEvent } from '../../exports/alerts/events/event.ts';
import { readAlertsFile, readTargetsFile } from '../../settings/files.ts';
import { placed } from '../../settings/placed.ts';
import { parseYaml, readYamlFile, type YamlFile } from '../../settings/yaml.ts';
import type { CommandContext, StandardInput } from './command.ts';

type Options = Pick<CommandContext, 'screen' | 'signal' | 'stdin'> & {
  /** What is to be given on it, such as `the event`. */
  wanted: string;
};

/** All of standard input. Throws `InputError` when there is nothing on it, or more than anybody writes. */
export async function readStandardInput({ screen, signal, stdin, wanted }: Options): Promise<Uint8Array> {
  const stream = stdin?.();
  if (!stream) throw refused(`is not there; give ${wanted} on it, or name a file`);
  if (stream.isTTY) screen.print(`Type or paste ${wanted}, then Ctrl-D on a line of its own.`);
  const stop = () => void stream.destroy();
  signal.addEventListener('abort', stop);
  try {
    return await collected(stream, wanted);
  } catch (error) {
    if (signal.aborted) throw new InterruptedError('Stopped before all of standard input was there.');
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** EventBridge has no event of more than 1 MB; this also leaves room for a list of them, which is told as one. */
const MOST_BYTES = 16_000_000;

async function collected(stream: StandardInput, wanted: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > MOST_BYTES) throw refused(`has more than ${MOST_BYTES} bytes; give ${wanted} alone`);
    chunks.push(chunk);
  }
  if (length === 0) throw refused(`is empty; give ${wanted} on it`);
  return Buffer.concat(chunks);
}

function refused(message: string): InputError {
  return new InputError('Standard input cannot be read:', [{ path: '(the whole document)', message }]);
}

/** Where an event and the settings of the exports for alerts are; the event is on standard input where it is `-`. */
export type AlertFiles = { event: string; targets: string; alerts: string };

export const DEFAULT_ALERTS = 'infra/settings/alerts.yml';

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
