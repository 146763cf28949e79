import { asExportError, InfrastructureError } from '../../../../lib/domain/errors.ts';
import type { WindowRow } from '../../../../lib/domain/ledger/window-row.ts';
import type { Stretch } from '../../simulation/judge/intervals.ts';
import type { Chance } from '../../simulation/story/chance.ts';
import { isFailing, listTrouble, orderTrouble } from '../huawei-failures.ts';
import type { InTurn } from '../turns.ts';
import type { DayPorts, World } from '../world.ts';

/** One call that orders an export, and what came of it at Huawei. */
export type Order = {
  at: number;
  isOfAlerts: boolean;
  /** Of an export for alerts; what has a higher number was planned with this one in view. Of a night 0. */
  number: number;
  window: Stretch;
  /** The address that it is narrowed to. */
  address: string | undefined;
  /** Of the tasks that Huawei made of it: none, or one, or one more for each time the call was repeated. */
  taskIds: string[];
  /** The kind of the error that the program saw, if any. */
  failure?: string;
};

/** The ports of one process: Huawei, ledger and queue fail as the day's mode has it, and orders are noted. */
export function dayPorts(world: World, inTurn: InTurn = async (work) => work()): DayPorts {
  const ports = world.ports();
  const { mode } = world.day;
  const { chance } = world;
  let claimed: WindowRow | undefined;

  const met = async <Value>(steps: ReturnType<typeof orderTrouble>, call: () => Promise<Value>) => {
    world.emulator.setScenario({ steps: world.isTroubled ? steps : [] });
    try {
      return await call();
    } finally {
      world.emulator.setScenario({});
    }
  };

  const api: DayPorts['api'] = {
    submit: (target, request, signal) =>
      inTurn(async () => {
        const order = orderOf(claimed, world.now());
        const known = world.emulator.tasks().length;
        world.orders.push(order);
        try {
          return await met(orderTrouble(mode, chance), () => ports.api.submit(target, request, signal));
        } catch (thrown) {
          order.failure = asExportError(thrown).kind;
          throw thrown;
        } finally {
          order.taskIds = world.emulator
            .tasks()
            .slice(known)
            .map(({ id }) => id);
        }
      }),
    projectOf: (target, signal) => inTurn(() => ports.api.projectOf(target, signal)),
    listTasks: (target, page, signal) =>
      inTurn(() => met(listTrouble(mode, chance), () => ports.api.listTasks(target, page, signal))),
  };

  const isUnsure = () => world.isTroubled && isFailing(mode);
  const ledger = failing(ports.ledger, { inTurn, chance, isUnsure });
  const queue = failing(ports.queue, { inTurn, chance, isUnsure });
  const save: DayPorts['ledger']['save'] = (record) => {
    if (record.state === 'claimed') claimed = record;
    return ledger.save(record);
  };
  return { ...ports, api, ledger: { ...ledger, save }, queue };
}

/** What the run claimed last is what it orders now. */
function orderOf(claimed: WindowRow | undefined, at: number): Order {
  if (!claimed) throw new Error('An export is ordered that no row of the ledger stands for.');
  const { window, filters, reason, order } = claimed;
  return {
    at,
    isOfAlerts: reason === 'alert',
    number: order?.number ?? 0,
    window: [window.start.epochMilliseconds, window.end.epochMilliseconds],
    address: filters['public_ip'],
    taskIds: [],
  };
}

type Failing = { inTurn: InTurn; chance: Chance; isUnsure: () => boolean };

type Call = (...values: unknown[]) => unknown;

/** One call in 25 fails: half of those have done their work all the same. */
function failing<Port extends object>(port: Port, { inTurn, chance, isUnsure }: Failing): Port {
  const perilOf = () => (isUnsure() && chance.oneIn(25) ? chance.pick(['before', 'after']) : undefined);
  const wrapped =
    (work: Call): Call =>
    (...values) =>
      inTurn(() => unsure(perilOf(), () => work(...values)));
  return Object.fromEntries(
    Object.entries(port).map(([name, work]) => [name, name === 'close' ? work : wrapped(work)]),
  ) as Port;
}

async function unsure(peril: 'before' | 'after' | undefined, work: () => unknown): Promise<unknown> {
  const value = peril === 'before' ? undefined : await work();
  if (peril) throw new InfrastructureError(`The store failed, ${peril} it had done its work.`);
  return value;
}
