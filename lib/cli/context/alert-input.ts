import { access } from 'node:fs/promises';
import type { AlertRule } from '../../domain/alerts/alert-rule.ts';
import { InputError, InterruptedError } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { type AlertEvent, readAlertEvent } from '../../exports/alerts/events/event.ts';
import { type AlertsInput, matchAlerts } from '../../exports/alerts/requests-by-target.ts';
import { readAlertsFile, readTargetsFile } from '../../settings/files.ts';
import { placed } from '../../settings/placed.ts';
import { parseYaml, readYamlFile, type YamlFile } from '../../settings/yaml.ts';
import type { CommandContext, StandardInput } from './command.ts';

/** The files of an event and of the settings of exports for alerts. The event `-` is on standard input. */
export type AlertFiles = { event: string; targets: string; alerts: string };

export const DEFAULT_ALERTS = 'infra/settings/alerts.yml';

/** Reads an event, the rules and the targets. Throws an `InputError` that names the invalid file. */
export async function readAlertFiles(
  { event: file, targets, alerts }: AlertFiles,
  arrivedAt: Instant,
  context: Input,
): Promise<{ event: AlertEvent; input: AlertsInput }> {
  const known = await readTargetsFile(targets);
  const rules = await readRules(alerts, known, context);
  const event = placed(await readEventFile(file, context), (document) =>
    readAlertEvent(document, { arrivedAt }),
  );
  const input = { alerts: event.alerts, rules, targets: known, arrivedAt };
  // An unknown target is an error here, before anything is started.
  matchAlerts(input);
  return { event, input };
}

// Rules may be left out, as in a deployed service; a file that somebody names may not.
async function readRules(file: string, targets: readonly Target[], { screen }: Input): Promise<AlertRule[]> {
  const isThere = () =>
    access(file).then(
      () => true,
      () => false,
    );
  if (file !== DEFAULT_ALERTS || (await isThere())) return readAlertsFile(file, targets);
  screen.print(`There is no ${file}: only alerts that name their targets lead to exports.`);
  return [];
}

type Input = Pick<CommandContext, 'screen' | 'signal' | 'stdin'>;

async function readEventFile(file: string, context: Input): Promise<YamlFile> {
  if (file !== '-') return readYamlFile(file, `event file ${file}`);
  return parseYaml(await readStandardInput({ ...context, wanted: 'the event' }), 'event on standard input');
}

type Options = Input & {
  /** What the command reads from it, such as `the event`. */
  wanted: string;
};

/** All of standard input. Throws `InputError` when it is empty or too long. */
export async function readStandardInput({ screen, signal, stdin, wanted }: Options): Promise<Uint8Array> {
  const stream = stdin?.();
  if (!stream) throw refused('is not available', `give ${wanted} on it, or name a file`);
  if (stream.isTTY) screen.print(`Type or paste ${wanted}, then Ctrl-D on a line of its own.`);
  const stop = () => void stream.destroy();
  signal.addEventListener('abort', stop);
  try {
    return await collected(stream, wanted);
  } catch (error) {
    if (signal.aborted) throw new InterruptedError('Interrupted before the end of standard input.');
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** EventBridge has no event of more than 1 MB. A list of events is also read to its end, to say that it is a list. */
const MOST_BYTES = 16_000_000;

async function collected(stream: StandardInput, wanted: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > MOST_BYTES) throw refused(`has more than ${MOST_BYTES} bytes`, `give only ${wanted}`);
    chunks.push(chunk);
  }
  if (length === 0) throw refused('is empty', `give ${wanted} on it`);
  return Buffer.concat(chunks);
}

function refused(message: string, fix: string): InputError {
  return new InputError('Cannot read standard input:', [{ path: '(the whole document)', message, fix }]);
}
