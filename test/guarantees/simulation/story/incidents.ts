import type { Chance } from './chance.ts';
import { DAY, HOUR } from './durations.ts';
import { wrongClock } from './failures.ts';
import { changed, harmlessChange, otherProject, PROJECT } from './settings.ts';
import type { Frame, Incident } from './story.ts';

/** Changes by users, by Huawei and of clocks, between the invocations. */
export function incidentsOf(chance: Chance, { start, quietFrom }: Frame): Incident[] {
  const sometime = () => start + chance.below(quietFrom - start);
  const some = (most: number, make: () => Incident[]) =>
    Array.from({ length: chance.between(0, most) }, make).flat();
  return [
    ...some(3, () => [
      {
        at: sometime(),
        do: 'settings',
        change: harmlessChange(chance, start),
      },
    ]),
    ...(chance.oneIn(3) ? away(chance, sometime()) : []),
    ...(chance.oneIn(4) ? elsewhere(chance, start + 5 * DAY) : []),
    ...some(4, () => [{ at: sometime(), do: 'clock', ...wrongClock(chance) }]),
    ...(chance.oneIn(3) ? badSecret(chance, sometime()) : []),
    ...some(3, () => [{ at: sometime(), do: 'secret', state: 'rotated' }]),
    ...some(8, () => [
      {
        at: sometime(),
        do: 'tasks',
        end: chance.pick(['fail', 'fail', 'expire', 'download']),
        oneIn: chance.pick([1, 2, 8]),
        seed: chance.below(2 ** 30),
      },
    ]),
  ].filter(({ at }) => at < quietFrom) as Incident[];
}

function away(chance: Chance, at: number): Incident[] {
  const back = at + chance.pick([2, 9, 28, 36]) * DAY;
  return [
    { at, do: 'settings', change: changed({ enabled: false }) },
    { at: back, do: 'settings', change: changed({ enabled: true }) },
  ];
}

function elsewhere(chance: Chance, earliest: number): Incident[] {
  const at = earliest + chance.below(10) * DAY;
  const original = changed({ region: PROJECT.name, project_id: PROJECT.id });
  return [
    { at, do: 'settings', change: otherProject(chance) },
    { at: at + chance.between(1, 6) * DAY, do: 'settings', change: original },
  ];
}

function badSecret(chance: Chance, at: number): Incident[] {
  return [
    { at, do: 'secret', state: chance.pick(['missing', 'malformed']) },
    { at: at + chance.between(1, 90) * HOUR, do: 'secret', state: 'right' },
  ];
}

/** Repairs the settings and the secret. The clock may stay wrong, because no result may depend on it. */
export function lastIncidents(quietFrom: number): Incident[] {
  const original = changed({ region: PROJECT.name, project_id: PROJECT.id, enabled: true });
  return [
    { at: quietFrom, do: 'settings', change: original },
    { at: quietFrom, do: 'secret', state: 'right' },
  ];
}
