import type { Fate } from './export-tasks.ts';
import type { Effect } from './scenario.ts';

/** What an effect has in store for the next task, if anything. */
export function taskFate(effect: Effect): Fate | undefined {
  switch (effect.type) {
    case 'fail_task': {
      const { reason, error_code: code, after_seconds: creatingSeconds } = effect;
      return { failure: { reason, code }, creatingSeconds };
    }
    case 'expire_task':
      return { expiresAfterSeconds: effect.after_seconds };
    case 'slow_task':
      return { creatingSeconds: effect.seconds };
    default:
      return undefined;
  }
}
