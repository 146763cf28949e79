import { ClockError } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import { durationWords, notableOffset, TOLERANCE_SECONDS } from '../../domain/time/clock-offset.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { Clock, HostTime, TargetHost, VendorHosts } from '../../ports.ts';
import type { Clocks, TargetClock } from '../../run-ports.ts';

/** This machine's clocks: the time by its clock, and milliseconds that never go back. */
export type OwnClocks = { clock: Clock; uptime: () => number };

/** The vendor's time, for the runs of a process. */
export type HostClocks = {
  /** Begins a run: each host is asked again, once. */
  open(): Clocks;
  /** The time of a target's export host as the newest run learnt it; our own clock where that is not known. */
  of(target: Target): Clock;
};

/**
 * Learns the vendor's time from the export hosts. Where a host's time differs from ours by more than five minutes, either
 * clock may be wrong, and to follow the wrong one would lose records. The host is then believed if a host of another origin
 * has the same time, or if the target has no host of another origin.
 */
export function createHostClocks(hosts: VendorHosts, own: OwnClocks): HostClocks {
  const known = new Map<string, Clock>();
  const exportOrigin = (target: Target) => hosts.originOf(target, 'export');

  const open = (): Clocks => {
    const ask = askEachOnce(hosts, own);
    return async (target, signal) => {
      const found = await learn(hosts, ask, { target, signal });
      if (found.state === 'known') known.set(exportOrigin(target), found.clock);
      else known.delete(exportOrigin(target));
      return found;
    };
  };

  return { open, of: (target) => () => (known.get(exportOrigin(target)) ?? own.clock)() };
}

type Ask = (target: Target, host: TargetHost, signal: AbortSignal) => Promise<Answer>;

function askEachOnce(hosts: VendorHosts, own: OwnClocks): Ask {
  const answers = new Map<string, Promise<Answer>>();
  return (target, host, signal) => {
    const origin = hosts.originOf(target, host);
    const earlier = answers.get(origin);
    if (earlier) return earlier;
    const answer = hosts.askTime(target, host, signal).then((time) => answerOf(origin, time, own));
    answers.set(origin, answer);
    return answer;
  };
}

async function learn(
  hosts: VendorHosts,
  ask: Ask,
  { target, signal }: { target: Target; signal: AbortSignal },
): Promise<TargetClock> {
  const first = await ask(target, 'export', signal);
  if (first.kind === 'unavailable') return { state: 'down', error: first.error };
  if (first.kind === 'no_time') return { state: 'unknown', error: noTimeError(first) };
  const [witness, ...others] =
    notableOffset(first.aheadSeconds) === undefined ? [] : witnessesFor(hosts, target);
  if (!witness) return knownClock(first);
  let second = await ask(target, witness, signal);
  // A host that has no time, or does not answer, disputes nothing: the next one may know.
  for (const other of others) if (second.kind !== 'time') second = await ask(target, other, signal);
  return agree(first, second)
    ? knownClock(first)
    : { state: 'disputed', error: disputedError(first, second) };
}

type Timed = { kind: 'time'; origin: string; clock: Clock; aheadSeconds: number };
type Answer = Timed | (Exclude<HostTime, { kind: 'time' }> & { origin: string });

function answerOf(origin: string, time: HostTime, { clock, uptime }: OwnClocks): Answer {
  if (time.kind !== 'time') return { ...time, origin };
  const answeredAt = uptime();
  const aheadSeconds = Math.round(time.at.until(clock()).total('seconds'));
  const since = () => Math.max(0, Math.floor(uptime() - answeredAt));
  return { kind: 'time', origin, clock: () => time.at.add({ milliseconds: since() }), aheadSeconds };
}

function knownClock({ clock, aheadSeconds }: Timed): TargetClock {
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

function noTimeError({ origin, reason }: Extract<Answer, { kind: 'no_time' }>): ClockError {
  return new ClockError(
    `${hostOf(origin)} does not say what time it is: ${reason} By this machine's clock alone only windows that were due ` +
      'an hour ago are exported, and nothing is recorded as lost.',
  );
}

function disputedError(first: Timed, second: Answer): ClockError {
  const said = `${hostOf(first.origin)} says that it is ${at(first)}, and by this machine's clock it is ${offsetWords(first.aheadSeconds)}.`;
  const other =
    second.kind === 'time'
      ? `${hostOf(second.origin)} says that it is ${at(second)}`
      : `${hostOf(second.origin)} could not be asked`;
  return new ClockError(
    `${said} ${other}, so no host confirms that time: nothing is exported and nothing is recorded as lost. Check the ` +
      "machine's clock (NTP) and the target's endpoints.",
  );
}

function at({ clock }: Timed): Instant {
  return clock().round('second');
}

function hostOf(origin: string): string {
  return new URL(origin).host;
}

/** The offset of our clock in words, as seen from Huawei's time: `2 h 5 min later`. */
function offsetWords(aheadSeconds: number): string {
  return `${durationWords(Math.abs(aheadSeconds))} ${aheadSeconds > 0 ? 'later' : 'earlier'}`;
}
