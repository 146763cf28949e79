import type { Span } from '../domain/span.ts';
import type { Target } from '../domain/target.ts';
import type { Reason, Trigger } from '../domain/task-submitted.ts';

/** One window to export, and why. */
export type WindowDemand = { target: Target; window: Span; reason: Reason; trigger: Trigger };
