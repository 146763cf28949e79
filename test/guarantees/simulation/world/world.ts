import { type Target, target as targetSchema } from '../../../../lib/domain/input/target.ts';
import { createEmulator, type Emulator } from '../../../../lib/emulator/emulator.ts';
import { DEMO_ACCOUNT } from '../../../../lib/emulator/iam/accounts.ts';
import type { SeenRequest } from '../../../../lib/emulator/server/request-log.ts';
import type { Observed } from '../judge/observed.ts';
import { chanceFrom } from '../story/chance.ts';
import { OTHER_PROJECT, PROJECT, type Settings } from '../story/settings.ts';
import type { Story } from '../story/story.ts';
import { createAwsDeployment } from './aws-deployment.ts';
import type { Deployment } from './deployment.ts';
import type { Environment } from './environment.ts';
import { createMachineDeployment } from './machine-deployment.ts';
import { CREDENTIAL_NAME, createSecretKeeper } from './secrets.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';

/** Everything around the program: Huawei, a deployment, true time and our clock; and all that the judge observes. */
export type World = {
  story: Story;
  time: VirtualTime;
  emulator: Emulator;
  deployment: Deployment;
  secrets: ReturnType<typeof createSecretKeeper>;
  settings: Settings;
  /** The target of the present settings. */
  target(): Target;
  observed: Observed[];
  /** Processes that wait for their next invocation. */
  environments: Environment[];
  /** Tasks with SUCCESS in a list that a process got before it died or lost the answer of a write: it may have confirmed them. */
  maybeConfirmed: Set<string>;
  /** Requests of the processes that run now. */
  requests: SeenRequest[];
  /** How long each call to Huawei takes now, in milliseconds of true time. */
  callMilliseconds: number;
  close(): Promise<void>;
};

export const TARGET_ID = 'acme';

export async function createWorld(story: Story): Promise<World> {
  const time = createVirtualTime(story.start);
  const emulator = createEmulator({
    clock: time.now,
    tokenSize: 200,
    users: [DEMO_ACCOUNT.user],
    projects: [PROJECT, OTHER_PROJECT],
    records: [],
    separateHosts: true,
    taskCreatingSeconds: story.creatingSeconds,
    onRequest: (request) => {
      world.requests.push(request);
      time.pass(world.callMilliseconds);
    },
  });
  const deployment =
    story.deployment === 'aws' ? await createAwsDeployment(time.now) : createMachineDeployment(time.now);
  const chance = chanceFrom(story.seed + 1_000_000);
  const secrets = createSecretKeeper(story.credential, { emulator, deployment, chance });
  const { origins } = await emulator.listen();
  const world: World = {
    ...{ story, time, emulator, deployment, secrets },
    settings: story.settings,
    target: () => {
      const { ...written } = world.settings;
      return targetSchema.parse({
        id: TARGET_ID,
        credential: CREDENTIAL_NAME,
        endpoints: origins,
        ...written,
      });
    },
    observed: [],
    environments: [],
    maybeConfirmed: new Set(),
    requests: [],
    callMilliseconds: 0,
    close: async () => {
      await emulator.close();
      await deployment.close();
    },
  };
  return world;
}
