import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import { InputError } from '../../domain/errors.ts';
import { codeOf } from '../../domain/input/path-message.ts';
import type { Instant } from '../../domain/time/instant.ts';
import { oneLine } from '../../domain/visible-text.ts';
import { createEmulator } from '../../emulator/emulator.ts';
import { DEMO_ACCOUNT } from '../../emulator/iam/accounts.ts';
import { BUILT_IN_SCENARIOS } from '../../emulator/scenarios/built-in.ts';
import { parseScenario, ScenarioError, type ScenarioInput } from '../../emulator/scenarios/scenario.ts';
import type { SeenRequest } from '../../emulator/server/request-log.ts';
import { placed } from '../../settings/placed.ts';
import { readYamlFile } from '../../settings/yaml.ts';
import type { AddCommand } from '../context/command.ts';
import { clockFrom, instantOption } from '../context/options.ts';
import { wrapped } from '../output/text.ts';

type EmulatorCommandOptions = { port: number; scenario?: string; now?: Instant };

export const addEmulator: AddCommand = (program, context) => {
  program
    .command('emulator')
    .description('a small Huawei Cloud on this machine, for anyone who writes against the export API')
    .option('--port <number>', 'the port on 127.0.0.1', portOption, 8095)
    .option('--scenario <scenario>', `what goes wrong: ${SCENARIO_NAMES}, or a file in YAML or JSON`)
    .option('--now <time>', 'set its clock, RFC 3339', instantOption)
    .action(async ({ port, scenario, now }: EmulatorCommandOptions) => {
      const { screen, signal } = context;
      const chosen = scenario === undefined ? undefined : await readScenario(scenario);
      const clock = clockFrom(now, screen);
      const emulator = createEmulator({
        port,
        clock: () => clock().epochMilliseconds,
        ...(chosen ? { scenario: chosen.scenario } : {}),
        onRequest: (request) => screen.print(requestText(request)),
      });
      const { origin } = await emulator.listen().catch((error) => Promise.reject(portError(error, port)));
      screen.document({ origin, project_id: DEMO_ACCOUNT.project.id, region: DEMO_ACCOUNT.project.name });
      screen.print(welcome(origin));
      if (chosen?.about) screen.print(`${wrapped(chosen.about)}\n`);
      if (!signal.aborted) await once(signal, 'abort');
      await emulator.close();
    });
};

/** The names of the built-in scenarios, as help and errors list them. */
const SCENARIO_NAMES = [...BUILT_IN_SCENARIOS.keys()].join(', ');

/** A scenario, and for a built-in one a text about it. */
export type ChosenScenario = { scenario: ScenarioInput; about?: string };

/** Reads the value of `--scenario`: the name of a built-in scenario, or else a file. */
export async function readScenario(nameOrFile: string): Promise<ChosenScenario> {
  const builtIn = BUILT_IN_SCENARIOS.get(nameOrFile);
  if (builtIn) return builtIn;
  await access(nameOrFile).catch((error) => {
    // Reading the file finds every other issue.
    if (codeOf(error) === 'ENOENT') throw unknownScenario(nameOrFile);
  });
  return { scenario: await readScenarioFile(nameOrFile) };
}

function portOption(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('must be a port number, 0 to 65535 (0 picks a free one)');
}

function portError(error: unknown, port: number): unknown {
  const message = PORT_MESSAGES[codeOf(error) ?? ''];
  if (!message) return error;
  return new InputError('The emulator cannot listen:', [{ path: '--port', message: `${port} ${message}` }]);
}

const PORT_MESSAGES: Record<string, string> = {
  EADDRINUSE: 'is in use; name another one, or 0 for a free one',
  EACCES: 'may not be used by this user; name one above 1023, or 0 for a free one',
};

function requestText({ method, path, status, note }: SeenRequest): string {
  return oneLine(`${status}  ${method} ${path}${note ? `  ${note}` : ''}`);
}

function welcome(origin: string): string {
  const { user, accessKey, project } = DEMO_ACCOUNT;
  return `A fake Huawei Cloud listens on ${origin}; Ctrl-C ends it. Nothing in it is real.

A target for it, in a targets file:
  targets:
    - id: rehearsal
      region: ${project.name}
      project_id: ${project.id}
      credential: demo
      endpoints: { iam: "${origin}", export: "${origin}", tasks: "${origin}" }

Its credential, in a secrets file that only you may read (chmod 600); one of:
  ${JSON.stringify({ demo: { kind: 'password', ...user } })}
  ${JSON.stringify({ demo: { kind: 'access_key', access_key_id: accessKey.accessKeyId, secret_access_key: accessKey.secretAccessKey } })}
`;
}

function unknownScenario(nameOrFile: string): InputError {
  const message = `is neither a file nor one of the scenarios that come with the emulator: ${SCENARIO_NAMES}`;
  return new InputError(`Cannot read scenario ${nameOrFile}:`, [{ path: '--scenario', message }]);
}

async function readScenarioFile(file: string): Promise<ScenarioInput> {
  return placed(await readYamlFile(file, `scenario file ${file}`), (document) => scenarioIn(document, file));
}

function scenarioIn(document: unknown, file: string): ScenarioInput {
  try {
    return parseScenario(document);
  } catch (error) {
    if (error instanceof ScenarioError) throw new InputError(`Invalid scenario file ${file}:`, error.issues);
    throw error;
  }
}
