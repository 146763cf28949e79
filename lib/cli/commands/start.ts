import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { target } from '../../domain/input/target.ts';
import { createEmulator } from '../../emulator/emulator.ts';
import { DEMO_ACCOUNT } from '../../emulator/iam/accounts.ts';
import { makeStateFolder } from '../../wiring/state-folder.ts';
import { type AddCommand, DEFAULT_STATE } from '../context/command.ts';
import { showScheduledRun } from '../context/local-run.ts';
import { fitted } from '../output/text.ts';

export const addStart: AddCommand = (program, context) => {
  program
    .command('start')
    .description('run the scheduled job once against the emulator: no account, no settings (npm start)')
    .option('--state <folder>', 'a folder; its subfolder "demo" is deleted and created again', DEFAULT_STATE)
    .action(async (options: { state: string }) => {
      const { screen } = context;
      const state = join(options.state, 'demo');
      makeStateFolder(options.state);
      const secrets = await freshDemoState(state);
      const emulator = createEmulator({});
      const { origin } = await emulator.listen();
      const clock = () => Temporal.Now.instant();
      const scheduledTime = clock().round({ smallestUnit: 'second', roundingMode: 'floor' });
      screen.print(
        fitted(screen, `An emulator of Huawei Cloud with fake login records listens on ${origin}.`),
      );
      screen.print(`Scheduled export of the target "demo" for ${scheduledTime}\n`);
      try {
        await showScheduledRun(
          { targets: [demoTarget(origin)], scheduledTime, sweep: false, clock, state, secrets },
          // The demo calls only this machine, so no proxy is used.
          { ...context, environment: {} },
        );
      } finally {
        await emulator.close();
      }
      screen.print(nextSteps(state));
    });
};

// The emulator of the last demo has ended, so the tasks in the demo's ledger no longer exist.
async function freshDemoState(state: string): Promise<string> {
  await rm(state, { recursive: true, force: true });
  makeStateFolder(state);
  const secrets = join(state, 'secrets.json');
  const document = { 'huawei/demo': { kind: 'password', ...DEMO_ACCOUNT.user } };
  await writeFile(secrets, JSON.stringify(document), { mode: 0o600 });
  return secrets;
}

function demoTarget(origin: string) {
  return target.parse({
    id: 'demo',
    region: DEMO_ACCOUNT.project.name,
    credential: 'huawei/demo',
    endpoints: { iam: origin, export: origin, tasks: origin },
  });
}

function nextSteps(state: string): string {
  return `
State: ${state} (deleted and created again by each start).
Next:
  npx login-export queue --state ${state}
      the message, as a consumer reads it
  npx login-export emulator
      the emulator, for a targets file of your own
For the real cloud: docs/huawei.md, "Set-up in four steps"; then
  npx login-export doctor
      what is still missing before a run can export`;
}
