import type { SeenRequest } from '../../../lib/emulator/server/request-log.ts';
import { short } from './judge/intervals.ts';
import type { Heard } from './judge/observed.ts';
import { MINUTE } from './story/durations.ts';
import type { Happening, Invocation, Step, Story } from './story/story.ts';
import type { World } from './world/world.ts';

/** Keeps a line for each thing that happened, for whoever must understand a failure. */
export function createTrace({ settings, spells, ...story }: Story) {
  const { seed, home, credential, creatingSeconds, quietFrom } = story;
  const lines = [
    `seed ${seed}: ${home}, ${credential}, tasks take ${creatingSeconds} s, quiet from ${short(quietFrom)}`,
    `settings ${JSON.stringify(settings)}`,
    ...spells.map(({ from, to, said }) => `from ${short(from)} to ${short(to)}: ${said}`),
  ];
  return {
    add: (world: World, step: Step, earlier: number): void => {
      const clock =
        Math.abs(world.time.offset()) < MINUTE ? '' : ` [our clock ${inMinutes(world.time.offset())}]`;
      lines.push(`${short(step.at)}${clock} ${toldStep(step)}`);
      if (!('trouble' in step)) return;
      lines.push(...world.heard.slice(earlier).map((heard) => `    ${toldHeard(heard)}`));
      if (world.requests.length > 0) lines.push(`    Huawei saw ${toldRequests(world.requests)}`);
    },
    lines: (): readonly string[] => lines,
  };
}

function toldStep(step: Step): string {
  return 'trouble' in step ? toldInvocation(step) : toldHappening(step);
}

function toldHappening({ at: _, do: what, ...rest }: Happening): string {
  return `${what} ${'change' in rest ? rest.change.said : JSON.stringify(rest)}`;
}

function toldInvocation({ at: _, do: what, trouble, ...rest }: Invocation): string {
  const { weather, aws, callMilliseconds, ...perils } = trouble;
  const about = Object.entries(rest).map(([name, value]) => ` ${name} ${value > 1e6 ? short(value) : value}`);
  const effects = weather.map(
    ({ on, times = 1, effect }) => `${on}×${times} ${Object.values(effect).join(' ')}`,
  );
  const slow = callMilliseconds > 1_000 ? `calls take ${callMilliseconds / 1_000} s` : '';
  const failing = aws.failuresInHundred > 0 ? `AWS fails ${aws.failuresInHundred} % (${aws.seed})` : '';
  const perilous = Object.keys(perils).length > 0 ? JSON.stringify(perils) : '';
  return [`${what}${about.join('')}`, ...effects, slow, failing, perilous].filter(Boolean).join('; ');
}

function toldHeard({ ending, error, events, reports }: Heard): string {
  const kinds = Map.groupBy(events, ({ type }) => type);
  const counts = [...kinds].map(([type, { length }]) => `${type} ${length}`).join(', ');
  const failures = new Set(
    reports.flatMap(({ failed }) => failed.map(({ message }) => message.slice(0, 110))),
  );
  return [`${ending}: ${counts}`, error?.message.slice(0, 200), ...[...failures].slice(0, 3)]
    .filter(Boolean)
    .join(' | ');
}

function toldRequests(requests: readonly SeenRequest[]): string {
  const groups = Map.groupBy(requests, ({ kind, status }) => `${kind} ${status}`);
  return [...groups].map(([name, { length }]) => (length > 1 ? `${name} ×${length}` : name)).join(', ');
}

function inMinutes(milliseconds: number): string {
  return `${milliseconds > 0 ? '+' : ''}${Math.round(milliseconds / MINUTE)} min`;
}
