import type { ScenarioInput } from './scenario.ts';
import { ALERT_STORM } from './scenarios/alert-storm.ts';

/** A scenario that comes with the emulator, and in a few words what happens in it. */
export type BuiltInScenario = { about: string; scenario: ScenarioInput };

/** By name. */
export const BUILT_IN_SCENARIOS: ReadonlyMap<string, BuiltInScenario> = new Map([
  ['alert-storm', ALERT_STORM],
]);
