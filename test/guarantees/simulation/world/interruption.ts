import { MINUTE, SECOND } from '../story/durations.ts';
import type { Invocation } from '../story/story.ts';
import type { DeathPoint } from './dying-ports.ts';
import type { World } from './world.ts';

/** The time limit of the Lambda function, and how long before the limit a run ends itself. */
const TIME_LIMIT = 15 * MINUTE;
const RESERVE = 20 * SECOND;

/**
 * Where one of the processes of a step dies, and the signal that its time is over. Of several processes at once, only the
 * first dies early. Lambda kills a process that runs into the reserve; one machine has no time limit.
 */
export function interruptionOf({ time, story }: World, { failures }: Invocation, index: number) {
  const { death, timeOverAt, jump } = failures;
  const over = new AbortController();
  const end = story.deployment === 'aws' ? time.now() + TIME_LIMIT - RESERVE : Number.POSITIVE_INFINITY;
  let overSince = Number.POSITIVE_INFINITY;

  const watchTheTime = (call: number): void => {
    if (over.signal.aborted || (call !== timeOverAt && time.now() < end)) return;
    overSince = time.now();
    over.abort();
  };
  const isCutShort = () => story.deployment === 'aws' && time.now() > overSince + RESERVE;
  const early = (call: number): DeathPoint => {
    if (jump?.at === call) time.jump(jump.milliseconds);
    return call === death?.index ? death.when : undefined;
  };
  const deathAt = (call: number): DeathPoint => {
    watchTheTime(call);
    return isCutShort() ? 'before' : index === 0 ? early(call) : undefined;
  };
  return { deathAt, signal: over.signal };
}
