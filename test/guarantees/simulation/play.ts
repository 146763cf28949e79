import { confirmedTasks } from './judge/exported.ts';
import { judgeEnd } from './judge/judge-end.ts';
import { judgeStep } from './judge/judge-step.ts';
import { chanceFrom } from './story/chance.ts';
import { type Change, OTHER_PROJECT } from './story/settings.ts';
import type { Incident, Story } from './story/story.ts';
import { createTrace } from './trace.ts';
import { invoke } from './world/invoke.ts';
import { createWorld, type World } from './world/world.ts';

/** The result of a seed: the violations, and a trace of what happened. */
export type SeedResult = {
  seed: number;
  violations: string[];
  trace: readonly string[];
  invocations: number;
};

/** Plays a story to its end, or to the first step after which there is a violation. */
export async function play(story: Story): Promise<SeedResult> {
  const world = await createWorld(story);
  const trace = createTrace(story);
  try {
    for (const step of story.steps) {
      world.time.moveTo(step.at);
      const observed = world.observed.length;
      if (isInvocation(step)) await invoke(world, step);
      else happen(world, step);
      trace.add(world, step, observed);
      const violations = judgeStep(world, observed);
      if (violations.length > 0) return resultOf(world, violations, trace.lines());
    }
    world.time.pass(story.creatingSeconds * 1_000);
    return resultOf(world, judgeEnd(world), trace.lines());
  } finally {
    await world.close();
  }
}

function resultOf({ story, observed }: World, violations: string[], trace: readonly string[]): SeedResult {
  return { seed: story.seed, violations, trace, invocations: observed.length };
}

function isInvocation(step: Story['steps'][number]): step is Exclude<Story['steps'][number], Incident> {
  return 'failures' in step;
}

function happen(world: World, step: Incident): void {
  if (step.do === 'settings') change(world, step.change);
  else if (step.do === 'clock') world.time.turn(step.offset, step.driftPerDay);
  else if (step.do === 'secret') world.secrets.set(step.state);
  else endTasks(world, step);
}

// Before its first message, a target may become another project.
function change(world: World, { to }: Change): void {
  const next = to(world.settings);
  const isOther = next.project_id === OTHER_PROJECT.id && world.deployment.sent().length === 0;
  if (!isOther) world.settings = next;
}

/** Fails, expires or downloads some of the tasks whose end the program does not know yet. */
function endTasks(world: World, { end, oneIn, seed }: Extract<Incident, { do: 'tasks' }>): void {
  const known = new Set([...confirmedTasks(world), ...world.maybeConfirmed]);
  const chance = chanceFrom(seed);
  const open = world.emulator
    .tasks()
    .filter(({ id, status }) => !known.has(id) && status !== 'FAIL' && status !== 'EXPIRED');
  for (const { id, status } of open.filter(() => chance.oneIn(oneIn))) {
    if (end === 'fail') world.emulator.failTask(id, 'the file system was full');
    else if (status === 'SUCCESS') world.emulator[end === 'expire' ? 'expireTask' : 'markDownloaded'](id);
  }
}
