import type { RunPorts } from '../../../lib/run-ports.ts';

/**
 * Where a run dies, as under `kill -9`: before or after a call of a port. The call has a name and counts from 1 among the
 * calls with this name; or it counts from 0 among all calls of all ports.
 */
export type Death = { when: 'before' | 'after' } & ({ call: string; nth: number } | { index: number });

/**
 * Ports with which a run dies at one point: nothing after it is executed, not even error handling. `died` resolves when
 * the run is dead. `calls` has the names of all calls. Every function of every port is wrapped, so new functions need no
 * change here.
 */
export function mortalPorts<Ports extends RunPorts>(ports: Ports, death?: Death) {
  let die: () => void = () => undefined;
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  const never = new Promise<never>(() => undefined);
  const calls: string[] = [];
  let isDead = false;

  const dieHere = async (work: () => unknown): Promise<never> => {
    isDead = true;
    try {
      if (death?.when === 'after') await work();
    } finally {
      // Also after a call that failed: the run does not live to see the error.
      die();
    }
    return never;
  };
  // Other work that the run has started before must stop, too.
  const live = async (work: () => unknown) => {
    const value = isDead ? never : await work();
    return isDead ? never : value;
  };
  const mortal = (name: string, work: (...values: unknown[]) => unknown) => {
    return (...values: unknown[]): Promise<unknown> => {
      const isIt = !isDead && death !== undefined && isHere(death, calls, name);
      calls.push(name);
      return (isIt ? dieHere : live)(() => work(...values));
    };
  };

  const wrapped = Object.entries(ports).map(([port, value]) => [port, wrap(port, value, mortal)]);
  return { died, calls, ports: Object.fromEntries(wrapped) as Ports };
}

function isHere(death: Death, calls: readonly string[], name: string): boolean {
  if ('index' in death) return calls.length === death.index;
  return name === death.call && calls.filter((call) => call === name).length === death.nth - 1;
}

// Calls of the clock and of the observer leave nothing behind after the run.
function wrap(
  port: string,
  value: unknown,
  mortal: (name: string, work: (...values: unknown[]) => unknown) => unknown,
): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, work]) => [
      name,
      typeof work === 'function' && name !== 'close' ? mortal(`${port}.${name}`, work) : work,
    ]),
  );
}
