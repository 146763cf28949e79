import type { EnvironmentPorts } from './environment.ts';

/** Where a process dies: before one of its calls of a port, or after. */
export type DeathPoint = 'before' | 'after' | undefined;

/**
 * Ports of a process that can die at any call, as under `kill -9`: nothing after it is executed, not even error
 * handling. `deathAt` is called at each call, counted from 0. `died` resolves when the process is dead.
 */
export function dyingPorts(ports: EnvironmentPorts, deathAt: (call: number) => DeathPoint) {
  let die: () => void = () => undefined;
  const died = new Promise<'died'>((resolve) => {
    die = () => resolve('died');
  });
  const never = new Promise<never>(() => undefined);
  let [calls, isDead] = [0, false];

  const dieHere = async (death: DeathPoint, work: () => unknown): Promise<never> => {
    isDead = true;
    // The process does not live to see the outcome of the call.
    if (death === 'after') await outcomeOf(work);
    die();
    return never;
  };
  // Other work of a process that dies in the meantime stops, too.
  const play = async (work: () => unknown): Promise<unknown> => {
    const outcome = await outcomeOf(work);
    if (isDead) return never;
    if ('thrown' in outcome) throw outcome.thrown;
    return outcome.value;
  };
  const called = (work: () => unknown): Promise<unknown> => {
    if (isDead) return never;
    const death = deathAt(calls);
    calls += 1;
    return death ? dieHere(death, work) : play(work);
  };

  const reachingOut = REACHING_OUT.map((name) => [name, wrapped(ports[name], called)]);
  const openClocks: EnvironmentPorts['openClocks'] = () => {
    const clocks = ports.openClocks();
    return (target, signal) => called(() => clocks(target, signal)) as ReturnType<typeof clocks>;
  };
  const all: EnvironmentPorts = { ...ports, ...Object.fromEntries(reachingOut), openClocks };
  return { died, ports: all };
}

// Calls of the clock and of the observer leave nothing behind after the process.
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
