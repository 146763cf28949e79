import type { CallKind } from './routes.ts';
import type { Effect, Step } from './scenario.ts';
import { timeFrom } from './scenario-time.ts';

/** Walks through the steps of a scenario, none at first: each call takes what is meant for it and uses it up. */
export function createScenarioPlayer() {
  let steps: ReturnType<typeof remaining> = [];

  return {
    next: (kind: CallKind, now: number): Effect => {
      const step = steps.find(
        ({ on, left, from, to }) => left > 0 && (on === kind || on === 'any') && from <= now && now < to,
      );
      if (!step) return { type: 'pass' };
      step.left -= 1;
      return step.effect;
    },
    /** Begins anew with other steps, whose distances count from `startedAt`. */
    play: (replacement: readonly Step[], startedAt: number): void => {
      steps = remaining(replacement, startedAt);
    },
  };
}

function remaining(steps: readonly Step[], startedAt: number) {
  return steps.map(({ on, times, effect, from, to }) => ({
    on,
    effect,
    left: times === 'always' ? Number.POSITIVE_INFINITY : times,
    from: from === undefined ? Number.NEGATIVE_INFINITY : timeFrom(from, startedAt),
    to: to === undefined ? Number.POSITIVE_INFINITY : timeFrom(to, startedAt),
  }));
}
