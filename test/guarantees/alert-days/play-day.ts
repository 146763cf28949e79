import { setImmediate } from 'node:timers/promises';
import { Temporal } from 'temporal-polyfill';
import { asExportError } from '../../../lib/domain/errors.ts';
import { askedRequests } from '../../../lib/exports/alerts/asked.ts';
import { serveArrival } from '../../../lib/exports/alerts/requests/arrival.ts';
import { boundWork } from '../../../lib/exports/run/bound-work.ts';
import { createHostHealth } from '../../../lib/exports/run/host-health.ts';
import { runScheduledExport } from '../../../lib/exports/scheduled-run.ts';
import { alertOf } from '../../support/alerts/alerting-target.ts';
import { mortalPorts } from '../../support/runs/killed-run.ts';
import { MINUTE } from '../simulation/story/durations.ts';
import type { Seen } from './alerts.ts';
import type { Happening } from './day.ts';
import { dayPorts } from './judge/submissions.ts';
import { createTurns, type InTurn } from './turns.ts';
import type { DayPorts, World } from './world.ts';

const never = new AbortController().signal;

/** How a run ended: it did what it had to, or it threw, or it was killed. */
export type Ending = 'well' | 'failed' | 'killed';

/** Lives through what happens on a day. Each run is told to `trace`. */
export async function liveThrough(world: World, trace: (line: string) => void): Promise<void> {
  const happenings = [...world.day.happenings];
  for (let next = happenings.shift(); next; next = happenings.shift()) {
    world.moveTo(next.at);
    const again = await happen(world, next);
    trace(
      `${new Date(next.at).toISOString().slice(5, 19)} ${told(next)}${again.length > 0 ? ', in part in vain' : ''}`,
    );
    happenings.push(...again);
    happenings.sort((a, b) => a.at - b.at);
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

/** Alerts come, in one delivery. */
export function deliver(world: World, alerts: readonly Seen[], inTurn?: InTurn): Promise<Ending> {
  return invoke(world, inTurn, async (ports) => {
    const { target } = world;
    const work = await boundWork(ports, { target, clock: ports.clock, health: createHostHealth() }, never);
    const asked = askedRequests(
      alerts.map((alert) => inputOf(world, alert)),
      ports.clock(),
    );
    return serveArrival(work.ports, { target, asked }, work.limits);
  });
}

/** Resolves to what happens again because of it: half of the deliveries that failed are made once more. */
async function happen(world: World, happening: Happening): Promise<Happening[]> {
  switch (happening.do) {
    case 'arrival':
      return afterwards(world, happening, await deliver(world, happening.alerts));
    case 'rush':
      return rush(world, happening);
    case 'sweep':
    case 'night':
      await runOnce(world, happening.do);
      return [];
    case 'cap':
      world.target.maxAlertExports = happening.cap;
      world.caps.push({ at: world.now(), cap: happening.cap });
      return [];
    case 'damage':
      await damage(world, happening.row);
      return [];
  }
}

async function rush(
  world: World,
  { at, arrivals }: Extract<Happening, { do: 'rush' }>,
): Promise<Happening[]> {
  const { inTurn, until } = createTurns(world.chance);
  const endings: Promise<Happening[]>[] = arrivals.map(async (alerts) => {
    const ending = await deliver(world, alerts, inTurn);
    return afterwards(world, { at, do: 'arrival', alerts }, ending);
  });
  const sweeps = [runOnce(world, 'sweep', inTurn), runOnce(world, 'sweep', inTurn)];
  await until([...endings, ...sweeps]);
  return (await Promise.all(endings)).flat();
}

function afterwards({ chance, now }: World, happening: Happening, ending: Ending): Happening[] {
  if (ending === 'well' || chance.oneIn(2)) return [];
  return [{ ...happening, at: now() + chance.between(1, 20) * MINUTE }];
}

async function damage({ store, target, damaged, chance, now }: World, kind: 'request' | 'export') {
  const rows = await store.rows(target.id, kind);
  const choice = kind === 'request' ? rows.filter(({ isOpen }) => isOpen) : rows;
  const row = choice.sort((a, b) => (a.name < b.name ? -1 : 1))[chance.below(choice.length)];
  if (!row) return;
  const column = kind === 'request' ? 'record' : chance.pick(['record', 'state']);
  await store.damage(target.id, row, column);
  // At what is done with nobody may look any more.
  damaged.push({ at: now(), name: row.name, record: row.record, isRead: row.isOpen });
}

type Work = (ports: DayPorts) => Promise<unknown>;

/** Every fourth run is killed where the day has it so, and may have been through before. */
async function invoke(world: World, inTurn: InTurn | undefined, work: Work): Promise<Ending> {
  const { chance } = world;
  const death = isKilling(world) && chance.oneIn(4) ? deathBy(chance) : undefined;
  const { died, ports } = mortalPorts(dayPorts(world, inTurn), death);
  const ended = work(ports).then(
    () => 'well' as const,
    (thrown: unknown) => {
      if (asExportError(thrown).kind !== 'infrastructure') throw thrown;
      return 'failed' as const;
    },
  );
  const ending = await Promise.race([died.then(() => 'killed' as const), ended]);
  // What a dead run has started is done before anything else happens.
  await setImmediate();
  return ending;
}

function deathBy(chance: World['chance']) {
  return { when: chance.pick(['before', 'after']), index: chance.below(chance.oneIn(3) ? 40 : 12) };
}

function isKilling({ day, isTroubled }: World): boolean {
  return isTroubled && (day.mode === 'killed' || day.mode === 'all at once');
}

function inputOf({ target }: World, { id, start, end, lastSeen, address }: Seen) {
  const instant = Temporal.Instant.fromEpochMilliseconds;
  return {
    alert: alertOf({ id, lastSeen: instant(lastSeen).toString() }, instant(end).toString()),
    target,
    window: { start: instant(start), end: instant(end) },
    filters: { ...(address === undefined ? {} : { public_ip: address }), ...target.filters },
  };
}

function told(happening: Happening): string {
  switch (happening.do) {
    case 'arrival':
      return `arrival of ${happening.alerts.map(toldAlert).join('; ')}`;
    case 'rush':
      return `${happening.arrivals.length} arrivals and two sweeps at once: ${happening.arrivals.flat().map(toldAlert).join('; ')}`;
    case 'cap':
      return `cap ${happening.cap}`;
    case 'damage':
      return `damage to a row of an ${happening.row}`;
    case 'sweep':
    case 'night':
      return happening.do;
  }
}

function toldAlert({ id, start, end, address = 'all' }: Seen): string {
  const short = (at: number) => new Date(at).toISOString().slice(5, 19);
  return `${id} ${short(start)}/${short(end)} ${address}`;
}
