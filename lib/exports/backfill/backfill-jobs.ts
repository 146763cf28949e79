import type { Trigger } from '../../domain/exports/message.ts';
import type { Target } from '../../domain/input/target.ts';
import { isBefore } from '../../domain/time/instant.ts';
import { intersection, type Span, windowsOf, without } from '../../domain/time/spans.ts';
import { cutIntoWindows } from '../../domain/time/windows.ts';
import type { RunPorts } from '../../run-ports.ts';
import { publishKept, submitWindow } from '../window/export-window.ts';
import type { Job } from '../window/jobs.ts';
import type { WindowOutcome, WindowResult } from '../window/outcome.ts';
import type { RangeAssessment } from './backfill-gaps.ts';

/** `range` is in whole windows that are due. */
export type BackfillInput = {
  target: Target;
  range: Span;
  trigger: Trigger;
  /** It goes by our own clock, because Huawei's time is not known. */
  isUnverified?: boolean;
};

type Progress = {
  /** The results so far. */
  done: readonly WindowResult[];
  signal: AbortSignal;
  /** Is called when a window fails for a reason that all the others share. */
  onHopeless: () => void;
};

/**
 * The jobs of a backfill, oldest first: messages that dead runs have not published, and gaps, without what has failed
 * before.
 */
export function jobsIn(
  ports: RunPorts,
  { target, trigger, isUnverified = false }: BackfillInput,
  { gaps, unpublished }: RangeAssessment,
  { done, signal, onHopeless }: Progress,
): Job[] {
  const unverified = isUnverified ? { isUnverified } : {};
  const failed = windowsOf(done.filter(({ result }) => result.outcome === 'failed'));
  const kept = unpublished
    .filter(({ window }) => intersection([window], failed).length === 0)
    .map((entry) => ({ window: entry.window, isLocal: true, work: () => publishKept(ports, entry) }));
  const ordered = cutIntoWindows(target.window, without(gaps, failed)).map((window) => ({
    window,
    work: () => submitWindow(ports, { target, window, reason: 'backfill', trigger, ...unverified }, signal),
  }));
  const stopping = ({ work, ...job }: Job) => ({ ...job, work: () => stopIfHopeless(work, onHopeless) });
  return [...kept, ...ordered]
    .map(stopping)
    .sort((a, b) => (isBefore(a.window.start, b.window.start) ? -1 : 1));
}

// Settings or the secret are wrong: thousands of windows would fail one by one for the same reason.
const HOPELESS = ['input', 'credential'];

async function stopIfHopeless(work: Job['work'], onHopeless: () => void): Promise<WindowOutcome> {
  const result = await work();
  if (result.outcome === 'failed' && HOPELESS.includes(result.error.kind)) onHopeless();
  return result;
}
