import type { CallKind } from './routes.ts';
import type { Effect, Step } from './scenario.ts';

/** Walks through the steps of a scenario, none at first: each call takes what is meant for it and uses it up. */
export function createScenarioPlayer() {
  let steps: ReturnType<typeof remaining> = [];

  return {
    next: (kind: CallKind): Effect => {
      const step = steps.find(({ on, left }) => left > 0 && (on === kind || on === 'any'));
      if (!step) return { type: 'pass' };
      step.left -= 1;
      return step.effect;
    },
    /** Begins anew with other steps. */
    play: (replacement: readonly Step[]): void => {
      steps = remaining(replacement);
    },
  };
}

function remaining(steps: readonly Step[]) {
  return steps.map(({ on, times, effect }) => ({
    on,
    effect,
    left: times === 'always' ? Number.POSITIVE_INFINITY : times,
  }));
}
