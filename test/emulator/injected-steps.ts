import type { ScenarioInput } from '../../lib/emulator/scenarios/scenario.ts';
import { json, login, runEmulator, TASKS_PATH } from './running-emulator.ts';

type Step = NonNullable<ScenarioInput['steps']>[number];

/** An emulator that injects `steps`, with a token that was issued before the first of them. */
export async function runWithSteps(...steps: Step[]) {
  const running = await runEmulator();
  const token = await running.mint();
  running.emulator.setScenario({ steps });
  const headers = { 'x-auth-token': token };
  return {
    ...running,
    token,
    submit: () => running.submit({}, token),
    list: () => running.call(TASKS_PATH, { headers }),
    download: (id: string) => running.call(`${TASKS_PATH}/${id}/download`, { headers }),
    askToken: () => running.call('/v3/auth/tokens?nocatalog=1', json(login())),
  };
}
