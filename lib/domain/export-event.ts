import type { ExportError } from './errors.ts';
import type { Span } from './span.ts';
import type { TaskSubmitted } from './task-submitted.ts';

/** What happens in a run, in the order it happens; logs, metrics and the screen are made of these. */
export type ExportEvent =
  | { type: 'window_accepted'; targetId: string; window: Span; taskId: string; callMilliseconds: number }
  | { type: 'window_announced'; targetId: string; window: Span; message: TaskSubmitted }
  | { type: 'window_covered'; targetId: string; window: Span }
  | { type: 'window_left'; targetId: string; window: Span; why: string }
  | { type: 'window_failed'; targetId: string; window: Span; error: ExportError }
  | { type: 'call_throttled'; targetId: string; waitMilliseconds: number }
  | { type: 'call_repeated'; targetId: string; waitMilliseconds: number; why: string };
