import { setImmediate } from 'node:timers/promises';
import { Temporal } from 'temporal-polyfill';
import { asExportError } from '../../../lib/domain/errors.ts';
import { serveArrival } from '../../../lib/exports/alerts/requests/serve-arrival.ts';
import { requestTerms } from '../../../lib/exports/alerts/requests-by-target.ts';
import { runScheduledExport } from '../../../lib/exports/scheduled-run.ts';
import { createHostHealth } from '../../../lib/exports/vendor/host-health.ts';
import { portsOfTarget } from '../../../lib/exports/vendor/target-ports.ts';
import { alertOf } from '../../support/alerts/alerting-target.ts';
import { mortalPorts } from '../../support/runs/killed-run.ts';
import { MINUTE } from '../simulation/story/durations.ts';
import type { DayAlert } from './alerts.ts';
import type { DayStep } from './day.ts';
import { dayPorts } from './judge/submissions.ts';
import { createTurns, type InTurn } from './turns.ts';
import type { DayPorts, World } from './world.ts';

const never = new AbortController().signal;

/** How a run ended. `failed`: the run threw. */
export type Ending = 'succeeded' | 'failed' | 'killed';

/** Plays the steps of a day. `trace` gets a line for each step. */
export async function playSteps(world: World, trace: (line: string) => void): Promise<void> {
  const steps = [...world.day.steps];
  for (let next = steps.shift(); next; next = steps.shift()) {
    world.moveTo(next.at);
    const again = await playStep(world, next);
    trace(
      `${new Date(next.at).toISOString().slice(5, 19)} ${formatStep(next)}${again.length > 0 ? ', in part without success' : ''}`,
    );
    steps.push(...again);
    steps.sort((a, b) => a.at - b.at);
  }
}

/** A run of the schedule or a sweep, in a process of its own. */
export function runOnce(world: World, kind: 'night' | 'sweep', inTurn?: InTurn): Promise<Ending> {
  return invoke(world, inTurn, (ports) => {
    const scheduledTime = Temporal.Instant.fromEpochMilliseconds(world.now());
    const input = { targets: [world.target], sweep: kind === 'sweep', scheduledTime };
    return runScheduledExport(ports, { ...input, trigger: { kind: 'schedule' } }, never);
  });
}

/** Alerts come in one delivery. */
export function deliver(world: World, alerts: readonly DayAlert[], inTurn?: InTurn): Promise<Ending> {
  return invoke(world, inTurn, async (ports) => {
    const { target } = world;
    const work = await portsOfTarget(
      ports,
      { target, clock: ports.clock, health: createHostHealth() },
      never,
    );
    const terms = requestTerms(
      alerts.map((alert) => inputOf(world, alert)),
      ports.clock(),
    );
    return serveArrival(work.ports, { target, terms }, work.limits);
  });
}

/** Resolves to the steps to repeat: half of the deliveries that failed are made once more. */
async function playStep(world: World, step: DayStep): Promise<DayStep[]> {
  switch (step.do) {
    case 'arrival':
      return afterwards(world, step, await deliver(world, step.alerts));
    case 'burst':
      return burst(world, step);
    case 'sweep':
    case 'night':
      await runOnce(world, step.do);
      return [];
    case 'cap':
      world.target.maxAlertExports = step.cap;
      world.caps.push({ at: world.now(), cap: step.cap });
      return [];
    case 'damage':
      await damage(world, step.row);
      return [];
  }
}

async function burst(world: World, { at, arrivals }: Extract<DayStep, { do: 'burst' }>): Promise<DayStep[]> {
  const { inTurn, until } = createTurns(world.chance);
  const endings: Promise<DayStep[]>[] = arrivals.map(async (alerts) => {
    const ending = await deliver(world, alerts, inTurn);
    return afterwards(world, { at, do: 'arrival', alerts }, ending);
  });
  const sweeps = [runOnce(world, 'sweep', inTurn), runOnce(world, 'sweep', inTurn)];
  await until([...endings, ...sweeps]);
  return (await Promise.all(endings)).flat();
}

function afterwards({ chance, now }: World, step: DayStep, ending: Ending): DayStep[] {
  if (ending === 'succeeded' || chance.oneIn(2)) return [];
  return [{ ...step, at: now() + chance.between(1, 20) * MINUTE }];
}

async function damage({ store, target, damaged, chance, now }: World, kind: 'request' | 'export') {
  const rows = await store.rows(target.id, kind);
  const choice = kind === 'request' ? rows.filter(({ isOpen }) => isOpen) : rows;
  const row = choice.sort((a, b) => (a.name < b.name ? -1 : 1))[chance.below(choice.length)];
  if (!row) return;
  const column = kind === 'request' ? 'document' : chance.pick(['document', 'state']);
  await store.damage(target.id, row, column);
  // The program may not read the row of a finished export again.
  damaged.push({ at: now(), name: row.name, document: row.document, isRead: row.isOpen });
}

type Work = (ports: DayPorts) => Promise<unknown>;

/** In a mode with kills, every fourth run is killed, if the run makes enough calls. */
async function invoke(world: World, inTurn: InTurn | undefined, work: Work): Promise<Ending> {
  const { chance } = world;
  const death = isKilling(world) && chance.oneIn(4) ? deathBy(chance) : undefined;
  const { died, ports } = mortalPorts(dayPorts(world, inTurn), death);
  const ended = work(ports).then(
    () => 'succeeded' as const,
    (thrown: unknown) => {
      if (asExportError(thrown).kind !== 'infrastructure') throw thrown;
      return 'failed' as const;
    },
  );
  const ending = await Promise.race([died.then(() => 'killed' as const), ended]);
  // The calls that a killed run has started end before the next step.
  await setImmediate();
  return ending;
}

function deathBy(chance: World['chance']) {
  return { when: chance.pick(['before', 'after']), index: chance.below(chance.oneIn(3) ? 40 : 12) };
}

function isKilling({ day, areFailuresOn }: World): boolean {
  return areFailuresOn && (day.mode === 'killed' || day.mode === 'all at once');
}

function inputOf({ target }: World, { id, start, end, lastSeen, address }: DayAlert) {
  const instant = Temporal.Instant.fromEpochMilliseconds;
  return {
    alert: alertOf({ id, lastSeen: instant(lastSeen).toString() }, instant(end).toString()),
    target,
    window: { start: instant(start), end: instant(end) },
    filters: { ...(address === undefined ? {} : { public_ip: address }), ...target.filters },
  };
}

function formatStep(step: DayStep): string {
  switch (step.do) {
    case 'arrival':
      return `arrival of ${step.alerts.map(formatAlert).join('; ')}`;
    case 'burst':
      return `${step.arrivals.length} arrivals and two sweeps at once: ${step.arrivals.flat().map(formatAlert).join('; ')}`;
    case 'cap':
      return `cap ${step.cap}`;
    case 'damage':
      return `damage to a row of an ${step.row}`;
    case 'sweep':
    case 'night':
      return step.do;
  }
}

function formatAlert({ id, start, end, address = 'all' }: DayAlert): string {
  const short = (at: number) => new Date(at).toISOString().slice(5, 19);
  return `${id} ${short(start)}/${short(end)} ${address}`;
}
