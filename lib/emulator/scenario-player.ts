import type { CallKind } from './routes.ts';
import type { Effect, Scenario } from './scenario.ts';

/** Walks through a scenario: each call takes what is meant for it and uses it up. */
export function createScenarioPlayer(initial: Scenario) {
  let steps = remaining(initial);

  return {
    next: (kind: CallKind): Effect => {
      const step = steps.find(({ on, left }) => left > 0 && (on === kind || on === 'any'));
      if (!step) return { type: 'pass' };
      step.left -= 1;
      return step.effect;
    },
    play: (scenario: Scenario): void => {
      steps = remaining(scenario);
    },
  };
}

function remaining({ steps }: Scenario) {
  return steps.map(({ on, times, effect }) => ({
    on,
    effect,
    left: times === 'always' ? Number.POSITIVE_INFINITY : times,
  }));
}
