import { type Target, target as targetSchema } from '../../../../lib/domain/input/target.ts';
import { createEmulator, type Emulator } from '../../../../lib/emulator/emulator.ts';
import { DEMO_ACCOUNT } from '../../../../lib/emulator/iam/accounts.ts';
import type { SeenRequest } from '../../../../lib/emulator/server/request-log.ts';
import type { Heard } from '../judge/observed.ts';
import { chanceFrom } from '../story/chance.ts';
import { OTHER_PROJECT, PROJECT, type Settings } from '../story/settings.ts';
import type { Story } from '../story/story.ts';
import { createAwsHome } from './aws-deployment.ts';
import type { Home } from './deployment.ts';
import type { Environment } from './environment.ts';
import { createMachineHome } from './machine-deployment.ts';
import { CREDENTIAL_NAME, createSecretKeeper } from './secrets.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';

/** Everything around the program: Huawei, a home, true time and our clock; and what was seen of it from outside. */
export type World = {
  story: Story;
  time: VirtualTime;
  emulator: Emulator;
  home: Home;
  secrets: ReturnType<typeof createSecretKeeper>;
  settings: Settings;
  /** The target that the settings say. */
  target(): Target;
  heard: Heard[];
  /** Processes that wait for their next invocation. */
  environments: Environment[];
  /** Tasks that the list showed as SUCCESS to a process that died, or could not say what it wrote: it may have noted that. */
  perhapsNoted: Set<string>;
  /** Requests of the processes that run now. */
  requests: SeenRequest[];
  /** How long each call to Huawei takes now. */
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
  const home = story.home === 'aws' ? await createAwsHome(time.now) : createMachineHome(time.now);
  const chance = chanceFrom(story.seed + 1_000_000);
  const secrets = createSecretKeeper(story.credential, { emulator, home, chance });
  const { origins } = await emulator.listen();
  const world: World = {
    ...{ story, time, emulator, home, secrets },
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
    heard: [],
    environments: [],
    perhapsNoted: new Set(),
    requests: [],
    callMilliseconds: 0,
    close: async () => {
      await emulator.close();
      await home.close();
    },
  };
  return world;
}
