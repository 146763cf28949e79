import { DamagedRowError } from '../../domain/errors.ts';
import { isLoopback } from '../../domain/input/endpoints.ts';
import type { Target } from '../../domain/input/target.ts';
import { compareAndSet } from '../../domain/ledger/compare-and-set.ts';
import type { BoundProject, TargetRow } from '../../domain/ledger/target-row.ts';
import { isOfAlerts, type WindowEntry } from '../../domain/ledger/window-row.ts';
import { earliest, type Instant, later } from '../../domain/time/instant.ts';
import { RETENTION } from '../../domain/time/retention.ts';
import type { LedgerReader } from '../../ports.ts';
import { boundProject, checkProject } from './bound-project.ts';
import { BEFORE_ALL_LOGINS, fenced, nameOf, type RowPorts, readTarget } from './target-row-store.ts';

/**
 * The target's row, as `readTarget` has it. A damaged row is rebuilt from the target's windows, and reported: coverage
 * begins with the first window that a run ordered, and the windows show how far it reaches.
 */
export async function readOrRebuild(ports: RowPorts, target: Target): Promise<TargetRow | undefined> {
  const read = () => readTarget(ports, target).catch(damagedOrThrow);
  const report = reportOnce(ports, target);
  const found = await compareAndSet({
    found: await read(),
    decide: (found) => (found instanceof DamagedRowError ? rebuilt(ports, target, report(found)) : undefined),
    write: (next) => ports.ledger.saveTarget(next),
    read,
    name: nameOf(target),
  });
  if (found instanceof DamagedRowError) throw found;
  return found;
}

// Where another run writes the row at the same time, the same damage may be read again.
function reportOnce({ observe }: RowPorts, { id: targetId }: Target) {
  let isReported = false;
  return (error: DamagedRowError): DamagedRowError => {
    if (!isReported)
      observe({ type: 'row_unreadable', targetId, message: `${error.message}; it is rebuilt` });
    isReported = true;
    return error;
  };
}

function damagedOrThrow(error: unknown): DamagedRowError {
  if (error instanceof DamagedRowError) return error;
  throw error;
}

async function rebuilt(
  { ledger, clock }: RowPorts,
  target: Target,
  { version }: DamagedRowError,
): Promise<TargetRow> {
  const all = await ledger.list(target.id, BEFORE_ALL_LOGINS);
  const windows = all.filter((entry) => !isOfAlerts(entry) && entry.state !== 'unreadable');
  const bound = await projectOf(ledger, target, all);
  checkProject(target, bound);
  // Coverage does not begin earlier because somebody backfilled earlier windows.
  const coveredFrom = startOf(windows.filter(({ reason }) => reason !== 'backfill'));
  const oldest = startOf(windows);
  const now = clock();
  const content = {
    ...bound,
    ...(coveredFrom ? { coveredFrom, coveredUntil: coveredFrom } : {}),
    // What the damaged row said of open backfills and of unreported windows is not known.
    ...(oldest
      ? { lookbackFrom: oldest, unreportedFrom: later(oldest, now.subtract(MAYBE_UNREPORTED)) }
      : {}),
  };
  return fenced({ targetId: target.id, version }, content, now);
}

// A loss is reported by the run that records it when the 30 days are over, or by the next run. The six days more are
// for a next run that comes late. What is older has been reported, unless the row was damaged before that.
const MAYBE_UNREPORTED = RETENTION.add({ hours: 6 * 24 });

function startOf(windows: readonly WindowEntry[]): Instant | undefined {
  return earliest(windows.map(({ window }) => window.start));
}

// The message of the newest task names the project; without a message, the settings do.
async function projectOf(
  ledger: LedgerReader,
  target: Target,
  windows: readonly WindowEntry[],
): Promise<BoundProject> {
  const newest = windows.findLast(({ taskId }) => taskId !== undefined);
  const row = newest && (await ledger.find(newest));
  if (!row || !('message' in row)) return boundProject(target);
  const { target: of, tasks_endpoint: tasksEndpoint } = row.message.data;
  return { region: of.region, projectId: of.project_id, isLoopback: isLoopback(tasksEndpoint) };
}
