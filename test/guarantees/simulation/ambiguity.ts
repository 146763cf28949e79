import type { Invocation } from './story.ts';
import type { Weather } from './troubles.ts';
import type { World } from './world.ts';

/** Whether something in a step may leave a task at Huawei of which nobody learns: a death, or an answer that gets lost. */
export function isAmbiguous({ story, time }: World, { trouble }: Invocation): boolean {
  const { weather, death, timeOverAt, aws, callMilliseconds } = trouble;
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
