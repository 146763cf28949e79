import { type Life, live } from './live.ts';
import { type Scope, storyOf } from './story.ts';

const SCOPE: Scope = {
  wrongClocks: process.env['SIM_LESS'] === undefined,
  otherProjects: process.env['SIM_LESS'] === undefined,
  earlierStarts: process.env['SIM_LESS'] === undefined,
  // Every call to AWS costs some milliseconds.
  homes: ['machine', 'machine', 'machine', 'machine', 'aws'],
};

/** Lives through the story of a seed. Throws only for what is wrong with the simulation itself. */
export function simulate(seed: number): Promise<Life> {
  return live(storyOf(seed, SCOPE));
}
