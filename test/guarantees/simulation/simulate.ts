import { play, type SeedResult } from './play.ts';
import { storyOf } from './story/story.ts';

/** Plays the story of a seed. Throws only for errors of the simulation itself. */
export function simulate(seed: number): Promise<SeedResult> {
  return play(storyOf(seed));
}
