import type { Host } from './hosts.ts';
import type { CallKind } from './routes.ts';
import type { Effect, Step } from './scenario.ts';
import { timeFrom } from './scenario-time.ts';

/** Walks through the steps of a scenario, none at first: each call takes what is meant for it and uses it up. */
export function createScenarioPlayer() {
  let steps: ReturnType<typeof remaining> = [];

  return {
    next: (call: { kind: CallKind; host: Host; now: number }): Effect => {
      const step = steps.find((one) => one.left > 0 && isFor(one, call));
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

type Remaining = ReturnType<typeof remaining>[number];

function isFor(
  { on, host, from, to }: Remaining,
  call: { kind: CallKind; host: Host; now: number },
): boolean {
  const isKind = on === call.kind || on === 'any';
  return isKind && (host ?? call.host) === call.host && from <= call.now && call.now < to;
}

function remaining(steps: readonly Step[], startedAt: number) {
  return steps.map(({ on, host, times, effect, from, to }) => ({
    on,
    effect,
    left: times === 'always' ? Number.POSITIVE_INFINITY : times,
    host,
    from: from === undefined ? Number.NEGATIVE_INFINITY : timeFrom(from, startedAt),
    to: to === undefined ? Number.POSITIVE_INFINITY : timeFrom(to, startedAt),
  }));
}
