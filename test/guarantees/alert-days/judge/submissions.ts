import { asExportError, InfrastructureError } from '../../../../lib/domain/errors.ts';
import type { WindowRow } from '../../../../lib/domain/ledger/window-row.ts';
import type { Interval } from '../../simulation/judge/intervals.ts';
import type { Chance } from '../../simulation/story/chance.ts';
import { exportFailures, isFailing, listFailures } from '../huawei-failures.ts';
import type { InTurn } from '../turns.ts';
import type { DayPorts, World } from '../world.ts';

/** One submission of an export, and the tasks that Huawei created. */
export type Submission = {
  at: number;
  isOfAlerts: boolean;
  /** The number of an export for alerts: exports with higher numbers were planned after this one. 0 for a night. */
  number: number;
  window: Interval;
  /** The address in the filters of the export. */
  address: string | undefined;
  /** The ids of the tasks: none, one, or several where the call was repeated. */
  taskIds: string[];
  /** The kind of the error that the program got. */
  failure?: string;
};

/** The ports of one process. Huawei, ledger and queue fail as the mode of the day says. Submissions are recorded. */
export function dayPorts(world: World, inTurn: InTurn = async (work) => work()): DayPorts {
  const ports = world.ports();
  const { mode } = world.day;
  const { chance } = world;
  let claimed: WindowRow | undefined;

  const withFailures = async <Value>(
    steps: ReturnType<typeof exportFailures>,
    call: () => Promise<Value>,
  ) => {
    world.emulator.setScenario({ steps: world.areFailuresOn ? steps : [] });
    try {
      return await call();
    } finally {
      world.emulator.setScenario({});
    }
  };

  const api: DayPorts['api'] = {
    submit: (target, request, signal) =>
      inTurn(async () => {
        const submission = submissionOf(claimed, world.now());
        const known = world.emulator.tasks().length;
        world.submissions.push(submission);
        try {
          return await withFailures(exportFailures(mode, chance), () =>
            ports.api.submit(target, request, signal),
          );
        } catch (thrown) {
          submission.failure = asExportError(thrown).kind;
          throw thrown;
        } finally {
          submission.taskIds = world.emulator
            .tasks()
            .slice(known)
            .map(({ id }) => id);
        }
      }),
    projectOf: (target, signal) => inTurn(() => ports.api.projectOf(target, signal)),
    listTasks: (target, page, signal) =>
      inTurn(() => withFailures(listFailures(mode, chance), () => ports.api.listTasks(target, page, signal))),
  };

  const isUnsure = () => world.areFailuresOn && isFailing(mode);
  const ledger = failing(ports.ledger, { inTurn, chance, isUnsure });
  const queue = failing(ports.queue, { inTurn, chance, isUnsure });
  const save: DayPorts['ledger']['save'] = (row) => {
    if (row.state === 'claimed') claimed = row;
    return ledger.save(row);
  };
  return { ...ports, api, ledger: { ...ledger, save }, queue };
}

/** The submission is for the row that the run claimed last. */
function submissionOf(claimed: WindowRow | undefined, at: number): Submission {
  if (!claimed) throw new Error('An export is submitted without a row in the ledger.');
  const { window, filters, reason, alertExport } = claimed;
  return {
    at,
    isOfAlerts: reason === 'alert',
    number: alertExport?.number ?? 0,
    window: [window.start.epochMilliseconds, window.end.epochMilliseconds],
    address: filters['public_ip'],
    taskIds: [],
  };
}

type Failing = { inTurn: InTurn; chance: Chance; isUnsure: () => boolean };

type Call = (...values: unknown[]) => unknown;

/** One call in 25 fails. Half of these have done their work before they fail. */
function failing<Port extends object>(port: Port, { inTurn, chance, isUnsure }: Failing): Port {
  const failureOf = () => (isUnsure() && chance.oneIn(25) ? chance.pick(['before', 'after']) : undefined);
  const wrapped =
    (work: Call): Call =>
    (...values) =>
      inTurn(() => unsure(failureOf(), () => work(...values)));
  return Object.fromEntries(
    Object.entries(port).map(([name, work]) => [name, name === 'close' ? work : wrapped(work)]),
  ) as Port;
}

async function unsure(failure: 'before' | 'after' | undefined, work: () => unknown): Promise<unknown> {
  const value = failure === 'before' ? undefined : await work();
  if (failure) throw new InfrastructureError(`The store failed, ${failure} it had done its work.`);
  return value;
}
