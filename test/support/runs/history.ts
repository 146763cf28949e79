import { Temporal } from 'temporal-polyfill';
import type { Target } from '../../../lib/domain/input/target.ts';
import type { EmulatorOptions } from '../../../lib/emulator/options.ts';
import { runScheduledExport } from '../../../lib/exports/scheduled-run.ts';
import { type Death, mortalPorts } from './killed-run.ts';
import { localPorts } from './local-ports.ts';

const never = new AbortController().signal;

/** The emulator, a ledger in a file, and runs with both, at times that the test sets. */
export async function historyOf(options: EmulatorOptions = {}) {
  const local = await localPorts(options);
  const ports = local.ports();
  const input = (target: Target, sweep: boolean) => ({
    targets: [target],
    sweep,
    scheduledTime: local.time.now,
    trigger: { kind: 'schedule' } as const,
  });
  const at = (time: string) => {
    local.time.now = Temporal.Instant.from(time);
  };
  const run = async (target: Target, sweep = false) => {
    const report = await runScheduledExport(ports, input(target, sweep), never);
    const [first] = report.targets;
    if (!first) throw new Error('a run reports every target');
    return first;
  };
  /** A run that is killed at a point, if it gets there. */
  const die = async (target: Target, death: Death) => {
    const { died, ports: mortal } = mortalPorts(ports, death);
    await Promise.race([died, runScheduledExport(mortal, input(target, false), never)]);
  };
  /** A run whose exports Huawei rejects. */
  const fail = async (target: Target) => {
    local.emulator.setScenario({ steps: [{ on: 'export', times: 'always', effect: { type: 'forbidden' } }] });
    const report = await run(target);
    local.emulator.setScenario({ steps: [] });
    return report;
  };
  let last: string | undefined;
  /** The messages since the last call. */
  const newMessages = async () => {
    const messages = await ports.queue.waiting(last);
    last = messages.at(-1)?.handle ?? last;
    return messages.map(({ message }) => message);
  };
  return { ...local, ports: () => ports, at, run, die, fail, newMessages };
}
