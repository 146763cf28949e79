import type { InjectedStep } from '../story/failures.ts';
import type { Invocation } from '../story/story.ts';
import type { World } from '../world/world.ts';

/**
 * Whether a step may leave a task at Huawei without a message. The causes: a death, a lost answer, or a run that takes the
 * lease of a parallel run for expired, because our clock has jumped and no host has the time.
 */
export function isAmbiguous({ story, time }: World, step: Invocation): boolean {
  const { steps, death, timeOverAt, aws, callMilliseconds, jump } = step.failures;
  if (jump && 'times' in step && step.times > 1) return true;
  const outages = story.outages.filter(({ from, to }) => from <= time.now() && time.now() < to);
  const all = [...steps, ...outages.flatMap((outage) => outage.steps ?? [])];
  const isCut = death !== undefined || timeOverAt !== undefined || callMilliseconds > 1_000;
  return isCut || aws.failuresInHundred > 0 || all.some(losesAnswer);
}

function losesAnswer({ effect }: InjectedStep): boolean {
  if (effect.type === 'cut') return effect.when === 'after';
  if (effect.type === 'encoded') return effect.damaged === true;
  if (effect.type === 'export_reply') return 'task_id' in effect || 'task_id_length' in effect;
  return effect.type === 'wrong_json';
}
