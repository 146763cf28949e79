import { type Life, live } from './play.ts';
import { storyOf } from './story/story.ts';

/** Lives through the story of a seed. Throws only for what is wrong with the simulation itself. */
export function simulate(seed: number): Promise<Life> {
  return live(storyOf(seed));
}
