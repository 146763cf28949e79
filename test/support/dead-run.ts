import type { SubmitPorts } from '../../lib/exports/submit.ts';

type Call = 'ledger.find' | 'ledger.save' | 'api.submit' | 'queue.announce';

/** Where a run dies: before or after its `nth` call of a port (counted from 1), as under `kill -9`. */
export type Death = { when: 'before' | 'after'; call: Call; nth: number };

/**
 * Ports under which a run stops dead at one point: nothing after it is executed, not even error handling.
 * `died` resolves when it has happened.
 */
export function mortalPorts(ports: SubmitPorts, { when, call, nth }: Death) {
  let die: () => void = () => undefined;
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  const never = new Promise<never>(() => undefined);
  let made = 0;

  const mortal = <Values extends unknown[], Result>(
    name: Call,
    work: (...values: Values) => Promise<Result>,
  ) => {
    return async (...values: Values): Promise<Result> => {
      if (name !== call || ++made !== nth) return work(...values);
      if (when === 'after') await work(...values);
      die();
      return never;
    };
  };

  const { api, ledger, queue } = ports;
  return {
    died,
    ports: {
      ...ports,
      api: { submit: mortal('api.submit', api.submit) },
      ledger: { find: mortal('ledger.find', ledger.find), save: mortal('ledger.save', ledger.save) },
      queue: { announce: mortal('queue.announce', queue.announce) },
    },
  };
}
