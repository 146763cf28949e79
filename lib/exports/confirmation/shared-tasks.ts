import { MalformedReplyError } from '../../domain/errors.ts';
import { type Span, spanName } from '../../domain/span.ts';
import type { Target } from '../../domain/target.ts';
import type { RunPorts } from '../run-ports.ts';
import { type TaskHolders, taskHolders } from '../window/known-tasks.ts';
import type { Judged } from './note-verdict.ts';

/**
 * Lets no window be confirmed by a task that the ledger names for another window, too. A run refuses such a task when it
 * orders; of two runs at once neither knows what the other was given.
 */
export async function refuseShared(
  { ledger, clock }: Pick<RunPorts, 'ledger' | 'clock'>,
  { id }: Target,
  judged: readonly Judged[],
): Promise<Judged[]> {
  if (judged.every(({ verdict }) => verdict !== 'fetched')) return [...judged];
  const holders = await taskHolders(ledger, id, clock());
  return judged.map((one) => (one.verdict === 'fetched' ? checked(one, holders) : one));
}

function checked(judged: Judged, holders: TaskHolders): Judged {
  const { taskId } = judged.entry;
  const windows = holders.get(taskId) ?? [];
  return windows.length > 1 ? { ...judged, verdict: sharedTask(taskId, windows) } : judged;
}

const MOST_NAMED = 3;

function sharedTask(taskId: string, windows: readonly Span[]): MalformedReplyError {
  const others = windows.length - MOST_NAMED;
  const named = [
    ...windows.slice(0, MOST_NAMED).map(spanName),
    ...(others > 0 ? [`and ${others} more`] : []),
  ];
  return new MalformedReplyError(
    `Huawei named one task, ${taskId}, for ${windows.length} windows: ${named.join(', ')}. It exports one of them at the ` +
      'most, and nobody can say which, so those that are not confirmed are ordered again.',
  );
}
