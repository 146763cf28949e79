import type { Trigger } from '../../domain/exports/message.ts';
import type { Target } from '../../domain/input/target.ts';
import { isBefore } from '../../domain/time/instant.ts';
import { intersection, type Span, without } from '../../domain/time/spans.ts';
import { cutIntoWindows } from '../../domain/time/windows.ts';
import type { RunPorts } from '../../run-ports.ts';
import { publishKept, submitWindow } from '../window/export-window.ts';
import type { Job } from '../window/jobs.ts';
import type { WindowOutcome } from '../window/outcome.ts';
import type { WindowResult } from '../window/report.ts';
import type { RangeAssessment } from './gaps.ts';

/** `range` is in whole windows that are due. */
export type BackfillInput = {
  target: Target;
  range: Span;
  trigger: Trigger;
  /** It goes by our own clock, because nobody could say what time it is at Huawei. */
  isUnverified?: boolean;
};

type Progress = {
  /** What came of the windows so far. */
  done: readonly WindowResult[];
  signal: AbortSignal;
  /** Is called when a window fails for a reason that all the others share. */
  onHopeless: () => void;
};

/** What a backfill has to do, oldest first: what dead runs left unsaid, and the gaps, without what has failed before. */
export function jobsIn(
  ports: RunPorts,
  { target, trigger, isUnverified = false }: BackfillInput,
  { gaps, unpublished }: RangeAssessment,
  { done, signal, onHopeless }: Progress,
): Job[] {
  const unverified = isUnverified ? { isUnverified } : {};
  const failed = done.filter(({ result }) => result.outcome === 'failed').map(({ window }) => window);
  const kept = unpublished
    .filter(({ window }) => intersection([window], failed).length === 0)
    .map((entry) => ({ window: entry.window, isLocal: true, work: () => publishKept(ports, entry) }));
  const ordered = cutIntoWindows(target.window, without(gaps, failed)).map((window) => ({
    window,
    work: () => submitWindow(ports, { target, window, reason: 'backfill', trigger, ...unverified }, signal),
  }));
  const watched = ({ work, ...job }: Job) => ({ ...job, work: () => watch(work, onHopeless) });
  return [...kept, ...ordered]
    .map(watched)
    .sort((a, b) => (isBefore(a.window.start, b.window.start) ? -1 : 1));
}

// What was written by hand is wrong: thousands of windows would fail one by one and say the same.
const HOPELESS = ['input', 'credential'];

async function watch(work: Job['work'], onHopeless: () => void): Promise<WindowOutcome> {
  const result = await work();
  if (result.outcome === 'failed' && HOPELESS.includes(result.error.kind)) onHopeless();
  return result;
}
