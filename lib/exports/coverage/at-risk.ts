import type { Target } from '../../domain/input/target.ts';
import { type Instant, isBefore, later } from '../../domain/time/instant.ts';
import { deadlineOf, oldestExportable, RETENTION } from '../../domain/time/retention.ts';
import { nextRunOf } from '../../domain/time/schedule.ts';
import type { Span } from '../../domain/time/spans.ts';
import { cutIntoWindows } from '../../domain/time/windows.ts';

/** The windows in the gaps that can be exported now, and no longer when the target's schedule fires next. */
export function windowsAtRisk(target: Target, { gaps }: { gaps: readonly Span[] }, now: Instant): Span[] {
  return gaps.length === 0 ? [] : atRisk(gaps, target, nextRunOf(target, now));
}

/** The windows in the gaps whose first second can no longer be exported at `nextRun`; all windows, if there is no next run. */
export function atRisk(gaps: readonly Span[], { window }: Target, nextRun: Instant | undefined): Span[] {
  const windows = cutIntoWindows(window, gaps);
  return nextRun ? windows.filter(({ start }) => isBefore(start, oldestExportable(nextRun))) : windows;
}

/** How long it is until the first second of a gap is lost; all of the 30 days when there is no gap. */
export function hoursLeft([oldest]: readonly Span[], now: Instant): number {
  const left = oldest ? now.until(later(deadlineOf(oldest.start), now)) : RETENTION;
  return left.total('hours');
}
