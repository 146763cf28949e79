import type { Host } from '../server/hosts.ts';
import type { CallKind } from '../server/routes.ts';
import type { Effect } from './effects.ts';
import type { Step } from './scenario.ts';
import { timeFrom } from './scenario-time.ts';

type Call = { kind: CallKind; host: Host; now: number };

/** Plays the steps of a scenario. Each call uses the first step that is for the call and not used up. No steps at first. */
export function createScenarioPlayer() {
  let steps: StepInPlay[] = [];

  return {
    next: (call: Call): Effect => {
      const step = steps.find((one) => one.uses > 0 && isFor(one, call));
      if (!step) return { type: 'pass' };
      step.uses -= 1;
      return step.effect;
    },
    /** Replaces all steps. Times that are distances count from `startedAt`, in milliseconds since the epoch. */
    play: (replacement: readonly Step[], startedAt: number): void => {
      steps = replacement.map((step) => inPlay(step, startedAt));
    },
  };
}

type StepInPlay = ReturnType<typeof inPlay>;

function isFor({ on, host, from, to }: StepInPlay, call: Call): boolean {
  const isKind = on === call.kind || on === 'any';
  return isKind && (host ?? call.host) === call.host && from <= call.now && call.now < to;
}

function inPlay({ on, host, times, effect, from, to }: Step, startedAt: number) {
  return {
    on,
    host,
    effect,
    /** How many more calls the step is for. */
    uses: times === 'always' ? Number.POSITIVE_INFINITY : times,
    from: from === undefined ? Number.NEGATIVE_INFINITY : timeFrom(from, startedAt),
    to: to === undefined ? Number.POSITIVE_INFINITY : timeFrom(to, startedAt),
  };
}
