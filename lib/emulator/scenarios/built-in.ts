import type { ScenarioInput } from './scenario.ts';

/** A scenario that comes with the emulator; `about` describes it for users. */
export type BuiltInScenario = { about: string; scenario: ScenarioInput };

const ADDRESS = '203.0.113.45';
const USER = 'user007@demo-company.example';

/** An attacker tries passwords, which causes many alerts, while a small quota limits the exports. */
const ALERT_STORM = {
  about: `From ${ADDRESS} somebody tries passwords of ${USER}, twice a minute, from two hours before the start of the emulator to an hour after it. At most 20 exports are accepted in ten minutes, and the task list answers slowly.`,
  scenario: {
    quota: { exports: 20, per_seconds: 600 },
    attacks: [{ from: '-PT2H', to: 'PT1H', logins: 360, public_ip: ADDRESS, user_name: USER, failed: true }],
    steps: [{ on: 'tasks', times: 'always', effect: { type: 'slow', milliseconds: 300 } }],
  },
} satisfies { about: string; scenario: ScenarioInput };

/** The scenarios, by name. */
export const BUILT_IN_SCENARIOS: ReadonlyMap<string, BuiltInScenario> = new Map([
  ['alert-storm', ALERT_STORM],
]);
