import { confirmedTasks } from './judge/exported.ts';
import { judgeEnd } from './judge/judge-end.ts';
import { judgeStep } from './judge/judge-step.ts';
import { chanceFrom } from './story/chance.ts';
import { type Change, OTHER_PROJECT } from './story/settings.ts';
import type { Happening, Story } from './story/story.ts';
import { createTrace } from './trace.ts';
import { invoke } from './world/invoke.ts';
import { createWorld, type World } from './world/world.ts';

/** What came of a seed: what was wrong, if anything, and how it came to that. */
export type Life = { seed: number; faults: string[]; trace: readonly string[]; invocations: number };

/** Plays a story to its end. It stops at the first step after which something is wrong. */
export async function live(story: Story): Promise<Life> {
  const world = await createWorld(story);
  const trace = createTrace(story);
  try {
    for (const step of story.steps) {
      world.time.moveTo(step.at);
      const heard = world.heard.length;
      if (isInvocation(step)) await invoke(world, step);
      else happen(world, step);
      trace.add(world, step, heard);
      const faults = judgeStep(world, heard);
      if (faults.length > 0) return lifeOf(world, faults, trace.lines());
    }
    world.time.pass(story.creatingSeconds * 1_000);
    return lifeOf(world, judgeEnd(world), trace.lines());
  } finally {
    await world.close();
  }
}

function lifeOf({ story, heard }: World, faults: string[], trace: readonly string[]): Life {
  return { seed: story.seed, faults, trace, invocations: heard.length };
}

function isInvocation(step: Story['steps'][number]): step is Exclude<Story['steps'][number], Happening> {
  return 'trouble' in step;
}

function happen(world: World, step: Happening): void {
  if (step.do === 'settings') change(world, step.change);
  else if (step.do === 'clock') world.time.turn(step.offset, step.driftPerDay);
  else if (step.do === 'secret') world.secrets.set(step.state);
  else spoilTasks(world, step);
}

// What has not exported anything yet may still become another project.
function change(world: World, { to }: Change): void {
  const next = to(world.settings);
  const isOther = next.project_id === OTHER_PROJECT.id && world.home.sent().length === 0;
  if (!isOther) world.settings = next;
}

/** Ends some of the tasks whose end nobody knows yet, or has somebody download them. */
function spoilTasks(world: World, { fate, oneIn, seed }: Extract<Happening, { do: 'tasks' }>): void {
  const known = new Set([...confirmedTasks(world), ...world.perhapsNoted]);
  const chance = chanceFrom(seed);
  const open = world.emulator
    .tasks()
    .filter(({ id, status }) => !known.has(id) && status !== 'FAIL' && status !== 'EXPIRED');
  for (const { id, status } of open.filter(() => chance.oneIn(oneIn))) {
    if (fate === 'fail') world.emulator.failTask(id, 'the file system was full');
    else if (status === 'SUCCESS') world.emulator[fate === 'expire' ? 'expireTask' : 'markDownloaded'](id);
  }
}
