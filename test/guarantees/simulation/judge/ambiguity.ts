import type { Weather } from '../story/failures.ts';
import type { Invocation } from '../story/story.ts';
import type { World } from '../world/world.ts';

/**
 * Whether something in a step may leave a task at Huawei that has no message: a death, an answer that gets lost, or one of
 * several runs at once that takes the lease of another for over, because our clock has jumped and no host says the time.
 */
export function isAmbiguous({ story, time }: World, step: Invocation): boolean {
  const { weather, death, timeOverAt, aws, callMilliseconds, jump } = step.trouble;
  if (jump && 'times' in step && step.times > 1) return true;
  const spells = story.spells.filter(({ from, to }) => from <= time.now() && time.now() < to);
  const all = [...weather, ...spells.flatMap((spell) => spell.weather ?? [])];
  const isCut = death !== undefined || timeOverAt !== undefined || callMilliseconds > 1_000;
  return isCut || aws.failuresInHundred > 0 || all.some(losesAnswer);
}

function losesAnswer({ effect }: Weather): boolean {
  if (effect.type === 'cut') return effect.when === 'after';
  if (effect.type === 'encoded') return effect.damaged === true;
  if (effect.type === 'export_reply') return 'task_id' in effect || 'task_id_length' in effect;
  return effect.type === 'wrong_json';
}
