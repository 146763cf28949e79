import type { Temporal } from 'temporal-polyfill';
import { type Instant, isBefore } from './instant.ts';
import { oldestExportable } from './retention.ts';
import type { Span } from './span.ts';

/**
 * The login times to ask for: the window, and before it the overlap, or as much of it as Huawei still has.
 * The window itself is never cut.
 */
export function askedSpan({ start, end }: Span, overlap: Temporal.Duration, now: Instant): Span {
  const oldest = oldestExportable(now);
  const wanted = start.subtract(overlap);
  if (!isBefore(wanted, oldest)) return { start: wanted, end };
  return { start: isBefore(oldest, start) ? oldest : start, end };
}
