import { MINUTE, SECOND } from '../story/durations.ts';
import type { Invocation } from '../story/story.ts';
import type { Peril } from './dying-ports.ts';
import type { World } from './world.ts';

/** What Lambda gives a function, and how long before that a run ends itself. */
const TIME_LIMIT = 15 * MINUTE;
const RESERVE = 20 * SECOND;

/**
 * What befalls one of the processes of a step at its calls, and the signal that its time is over. Of several at once the
 * first alone dies early. Lambda ends whatever goes on beyond the reserve; one machine has no such limit.
 */
export function fateOf({ time, story }: World, { trouble }: Invocation, index: number) {
  const { death, timeOverAt, jump } = trouble;
  const over = new AbortController();
  const end = story.home === 'aws' ? time.now() + TIME_LIMIT - RESERVE : Number.POSITIVE_INFINITY;
  let overSince = Number.POSITIVE_INFINITY;

  const watchTheTime = (call: number): void => {
    if (over.signal.aborted || (call !== timeOverAt && time.now() < end)) return;
    overSince = time.now();
    over.abort();
  };
  const isCutShort = () => story.home === 'aws' && time.now() > overSince + RESERVE;
  const early = (call: number): Peril => {
    if (jump?.at === call) time.jump(jump.milliseconds);
    return call === death?.index ? death.when : undefined;
  };
  const perilAt = (call: number): Peril => {
    watchTheTime(call);
    return isCutShort() ? 'before' : index === 0 ? early(call) : undefined;
  };
  return { perilAt, signal: over.signal };
}
