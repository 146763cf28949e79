import { access } from 'node:fs/promises';
import { InputError } from '../domain/errors.ts';
import { codeOf } from '../domain/path-message.ts';
import { BUILT_IN_SCENARIOS } from '../emulator/built-in-scenarios.ts';
import { parseScenario, ScenarioError, type ScenarioInput } from '../emulator/scenario.ts';
import { placed } from '../settings/placed.ts';
import { readYamlFile } from '../settings/yaml-file.ts';

export const SCENARIO_NAMES = [...BUILT_IN_SCENARIOS.keys()].join(', ');

/** What the emulator plays, and what there is to say about it when it begins. */
export type ChosenScenario = { scenario: ScenarioInput; about?: string };

/** Reads the value of `--scenario`: the name of a scenario that comes with the emulator, or else a file. */
export async function readScenario(nameOrFile: string): Promise<ChosenScenario> {
  const builtIn = BUILT_IN_SCENARIOS.get(nameOrFile);
  if (builtIn) return builtIn;
  await access(nameOrFile).catch((error) => {
    // What else is wrong with it, reading tells.
    if (codeOf(error) === 'ENOENT') throw unknownScenario(nameOrFile);
  });
  return { scenario: await readScenarioFile(nameOrFile) };
}

function unknownScenario(nameOrFile: string): InputError {
  const message = `is neither a file nor one of the scenarios that come with the emulator: ${SCENARIO_NAMES}`;
  return new InputError(`${nameOrFile} cannot be read:`, [{ path: '--scenario', message }]);
}

async function readScenarioFile(file: string): Promise<ScenarioInput> {
  return placed(await readYamlFile(file), (document) => scenarioIn(document, file));
}

function scenarioIn(document: unknown, file: string): ScenarioInput {
  try {
    return parseScenario(document);
  } catch (error) {
    if (error instanceof ScenarioError) throw new InputError(`${file} is not right:`, error.issues);
    throw error;
  }
}
