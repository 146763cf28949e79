import type { SeenRequest } from '../../../lib/emulator/server/request-log.ts';
import { short } from './judge/intervals.ts';
import type { Observed } from './judge/observed.ts';
import { MINUTE } from './story/durations.ts';
import type { Incident, Invocation, Step, Story } from './story/story.ts';
import type { World } from './world/world.ts';

/** Keeps a line for each step and process, so that people can understand a failure. */
export function createTrace({ settings, outages, ...story }: Story) {
  const { seed, deployment, credential, creatingSeconds, quietFrom } = story;
  const lines = [
    `seed ${seed}: ${deployment}, ${credential}, tasks take ${creatingSeconds} s, quiet from ${short(quietFrom)}`,
    `settings ${JSON.stringify(settings)}`,
    ...outages.map(({ from, to, about }) => `from ${short(from)} to ${short(to)}: ${about}`),
  ];
  return {
    add: (world: World, step: Step, earlier: number): void => {
      const clock =
        Math.abs(world.time.offset()) < MINUTE ? '' : ` [our clock ${inMinutes(world.time.offset())}]`;
      lines.push(`${short(step.at)}${clock} ${formatStep(step)}`);
      if (!('failures' in step)) return;
      lines.push(...world.observed.slice(earlier).map((observed) => `    ${formatObserved(observed)}`));
      if (world.requests.length > 0) lines.push(`    Huawei saw ${formatRequests(world.requests)}`);
    },
    lines: (): readonly string[] => lines,
  };
}

function formatStep(step: Step): string {
  return 'failures' in step ? formatInvocation(step) : formatIncident(step);
}

function formatIncident({ at: _, do: what, ...rest }: Incident): string {
  return `${what} ${'change' in rest ? rest.change.about : JSON.stringify(rest)}`;
}

function formatInvocation({ at: _, do: what, failures, ...rest }: Invocation): string {
  const { steps, aws, callMilliseconds, ...interruptions } = failures;
  const about = Object.entries(rest).map(([name, value]) => ` ${name} ${value > 1e6 ? short(value) : value}`);
  const effects = steps.map(
    ({ on, times = 1, effect }) => `${on}×${times} ${Object.values(effect).join(' ')}`,
  );
  const slow = callMilliseconds > 1_000 ? `calls take ${callMilliseconds / 1_000} s` : '';
  const failing = aws.failuresInHundred > 0 ? `AWS fails ${aws.failuresInHundred} % (${aws.seed})` : '';
  const interrupted = Object.keys(interruptions).length > 0 ? JSON.stringify(interruptions) : '';
  return [`${what}${about.join('')}`, ...effects, slow, failing, interrupted].filter(Boolean).join('; ');
}

function formatObserved({ ending, error, events, reports }: Observed): string {
  const kinds = Map.groupBy(events, ({ type }) => type);
  const counts = [...kinds].map(([type, { length }]) => `${type} ${length}`).join(', ');
  const failures = new Set(
    reports.flatMap(({ failed }) => failed.map(({ message }) => message.slice(0, 110))),
  );
  return [`${ending}: ${counts}`, error?.message.slice(0, 200), ...[...failures].slice(0, 3)]
    .filter(Boolean)
    .join(' | ');
}

function formatRequests(requests: readonly SeenRequest[]): string {
  const groups = Map.groupBy(requests, ({ kind, status }) => `${kind} ${status}`);
  return [...groups].map(([name, { length }]) => (length > 1 ? `${name} ×${length}` : name)).join(', ');
}

function inMinutes(milliseconds: number): string {
  return `${milliseconds > 0 ? '+' : ''}${Math.round(milliseconds / MINUTE)} min`;
}
