import type { Temporal } from 'temporal-polyfill';
import { type Instant, isBefore } from './instant.ts';
import { RETENTION } from './retention.ts';
import type { Span } from './span.ts';

// The call may be repeated for some minutes, and what is older than 30 days by then would be refused.
const EDGE_MARGIN = { minutes: 10 };

/**
 * The login times to ask for: the window, and before it the overlap, or as much of it as Huawei still has.
 * The window itself is never cut.
 */
export function askedSpan({ start, end }: Span, overlap: Temporal.Duration, now: Instant): Span {
  const oldest = now.subtract(RETENTION).add(EDGE_MARGIN);
  const wanted = start.subtract(overlap);
  if (!isBefore(wanted, oldest)) return { start: wanted, end };
  return {
    start: isBefore(oldest, start) ? oldest.round({ smallestUnit: 'second', roundingMode: 'ceil' }) : start,
    end,
  };
}
