import { ClockError } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import { durationWords, notableOffset, TOLERANCE_SECONDS } from '../../domain/time/clock-offset.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { Clock, HostTime, TargetHost, VendorHosts } from '../../ports.ts';
import type { Clocks, TargetClock } from '../../run-ports.ts';

/** This machine's clocks: what it says the time is, and milliseconds that only ever grow. */
export type OwnClocks = { clock: Clock; uptime: () => number };

/** The vendor's time, for the runs of a process. */
export type HostClocks = {
  /** Begins a run: each host is asked anew, once. */
  open(): Clocks;
  /** The time of a target's export host as the newest run learnt it; until then, and where nobody knows, ours. */
  of(target: Target): Clock;
};

/**
 * Learns the vendor's time from the export hosts. A host whose time differs from ours by more than five minutes is
 * believed when a host of another origin says the same, or when the target has no host of another origin: ours may be
 * wrong as well as theirs, and either way records would be lost.
 */
export function createHostClocks(hosts: VendorHosts, own: OwnClocks): HostClocks {
  const believed = new Map<string, Clock>();
  const exportOrigin = (target: Target) => hosts.originOf(target, 'export');

  const open = (): Clocks => {
    const ask = createQuestions(hosts, own);
    return async (target, signal) => {
      const found = await learn(hosts, ask, { target, signal });
      if (found.state === 'known') believed.set(exportOrigin(target), found.clock);
      else believed.delete(exportOrigin(target));
      return found;
    };
  };

  return { open, of: (target) => () => (believed.get(exportOrigin(target)) ?? own.clock)() };
}

type Ask = (target: Target, host: TargetHost, signal: AbortSignal) => Promise<Answer>;

function createQuestions(hosts: VendorHosts, own: OwnClocks): Ask {
  const answers = new Map<string, Promise<Answer>>();
  return (target, host, signal) => {
    const origin = hosts.originOf(target, host);
    const known = answers.get(origin);
    if (known) return known;
    const asked = hosts.askTime(target, host, signal).then((said) => answerOf(origin, said, own));
    answers.set(origin, asked);
    return asked;
  };
}

async function learn(
  hosts: VendorHosts,
  ask: Ask,
  { target, signal }: { target: Target; signal: AbortSignal },
): Promise<TargetClock> {
  const first = await ask(target, 'export', signal);
  if (first.kind === 'unavailable') return { state: 'down', error: first.error };
  if (first.kind === 'no_time') return { state: 'unknown', error: unknown(first) };
  const [witness, ...others] =
    notableOffset(first.aheadSeconds) === undefined ? [] : witnessesFor(hosts, target);
  if (!witness) return known(first);
  let second = await ask(target, witness, signal);
  // One that has no time, or does not answer, denies nothing: the next may know.
  for (const other of others) if (second.kind !== 'time') second = await ask(target, other, signal);
  return agree(first, second) ? known(first) : { state: 'disputed', error: disputed(first, second) };
}

type Timed = { kind: 'time'; origin: string; clock: Clock; aheadSeconds: number };
type Answer = Timed | (Exclude<HostTime, { kind: 'time' }> & { origin: string });

function answerOf(origin: string, said: HostTime, { clock, uptime }: OwnClocks): Answer {
  if (said.kind !== 'time') return { ...said, origin };
  const answeredAt = uptime();
  const aheadSeconds = Math.round(said.at.until(clock()).total('seconds'));
  const since = () => Math.max(0, Math.floor(uptime() - answeredAt));
  return { kind: 'time', origin, clock: () => said.at.add({ milliseconds: since() }), aheadSeconds };
}

function known({ clock, aheadSeconds }: Timed): TargetClock {
  return { state: 'known', clock, aheadSeconds };
}

function witnessesFor(hosts: VendorHosts, target: Target): TargetHost[] {
  const first = hosts.originOf(target, 'export');
  return (['iam', 'tasks'] as const).filter((host) => hosts.originOf(target, host) !== first);
}

function agree(first: Timed, second: Answer): boolean {
  if (second.kind !== 'time') return false;
  return Math.abs(first.clock().until(second.clock()).total('seconds')) <= TOLERANCE_SECONDS;
}

function unknown({ origin, reason }: Extract<Answer, { kind: 'no_time' }>): ClockError {
  return new ClockError(
    `${hostOf(origin)} does not say what time it is: ${reason} By this machine's clock alone only windows that were due ` +
      'an hour ago are exported, and nothing is recorded as lost.',
  );
}

function disputed(first: Timed, second: Answer): ClockError {
  const said = `${hostOf(first.origin)} says that it is ${at(first)}, and by this machine's clock it is ${offsetWords(first.aheadSeconds)}.`;
  const other =
    second.kind === 'time'
      ? `${hostOf(second.origin)} says that it is ${at(second)}`
      : `${hostOf(second.origin)} could not be asked`;
  return new ClockError(
    `${said} ${other}, so nobody confirms that time: nothing is exported and nothing is recorded as lost. Check the ` +
      "machine's clock (NTP) and the target's endpoints.",
  );
}

function at({ clock }: Timed): Instant {
  return clock().round('second');
}

function hostOf(origin: string): string {
  return new URL(origin).host;
}

/** How far our clock is off, in words: `2 h 5 min later`, seen from Huawei's time. */
function offsetWords(aheadSeconds: number): string {
  return `${durationWords(Math.abs(aheadSeconds))} ${aheadSeconds > 0 ? 'later' : 'earlier'}`;
}
