import type { EnvironmentPorts } from './environment.ts';

/** What may befall a process at one of its calls of a port: it dies before the call is made, or after. */
export type Peril = 'before' | 'after' | undefined;

/**
 * Ports of a process that can die at any call, as under `kill -9`: nothing after it is executed, not even error
 * handling. `perilAt` is asked at each call, counted from 0. `died` resolves when it has happened.
 */
export function perilousPorts(ports: EnvironmentPorts, perilAt: (call: number) => Peril) {
  let die: () => void = () => undefined;
  const died = new Promise<'died'>((resolve) => {
    die = () => resolve('died');
  });
  const never = new Promise<never>(() => undefined);
  let [calls, isDead] = [0, false];

  const dieHere = async (peril: Peril, work: () => unknown): Promise<never> => {
    isDead = true;
    // If the call fails, nobody lives to hear of it.
    if (peril === 'after') await outcomeOf(work);
    die();
    return never;
  };
  // Other work of a process that dies meanwhile does not go on either.
  const live = async (work: () => unknown): Promise<unknown> => {
    const outcome = await outcomeOf(work);
    if (isDead) return never;
    if ('thrown' in outcome) throw outcome.thrown;
    return outcome.value;
  };
  const called = (work: () => unknown): Promise<unknown> => {
    if (isDead) return never;
    const peril = perilAt(calls);
    calls += 1;
    return peril ? dieHere(peril, work) : live(work);
  };

  const reachingOut = REACHING_OUT.map((name) => [name, wrapped(ports[name], called)]);
  const openClocks: EnvironmentPorts['openClocks'] = () => {
    const clocks = ports.openClocks();
    return (target, signal) => called(() => clocks(target, signal)) as ReturnType<typeof clocks>;
  };
  const all: EnvironmentPorts = { ...ports, ...Object.fromEntries(reachingOut), openClocks };
  return { died, ports: all };
}

// The clock and the observer reach nothing that outlives the process.
const REACHING_OUT = ['api', 'ledger', 'queue'] as const;

type Called = (work: () => unknown) => Promise<unknown>;

function wrapped(port: object, called: Called): object {
  const calls = Object.entries(port).map(([name, work]) => [
    name,
    typeof work === 'function' ? (...values: unknown[]) => called(() => work(...values)) : work,
  ]);
  return Object.fromEntries(calls);
}

async function outcomeOf(work: () => unknown): Promise<{ value: unknown } | { thrown: Error }> {
  try {
    return { value: await work() };
  } catch (thrown) {
    return { thrown: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }
}
