import { Temporal } from 'temporal-polyfill';
import { InfrastructureError } from '../../domain/errors.ts';
import type { Target } from '../../domain/input/target.ts';
import { compareAndSet, nextVersion } from '../../domain/ledger/compare-and-set.ts';
import { contentOf, type TargetContent, type TargetRow } from '../../domain/ledger/target-row.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { LedgerReader } from '../../ports.ts';
import type { RunPorts } from '../../run-ports.ts';
import {
  boundProject,
  checkCredentialProject,
  checkProject,
  mayHaveTask,
  projectIssues,
  rebound,
} from './bound-project.ts';

/** The target's row, checked to be of the project that the settings name. Throws an `InputError` where it is not. */
export async function readTarget(
  { ledger, clock }: RowPorts,
  target: Target,
): Promise<TargetRow | undefined> {
  const read = () => storedTarget(ledger, target);
  return compareAndSet({
    found: await read(),
    decide: async (stored) => {
      const found = stored && (await forSettings(ledger, target, stored));
      if (found) checkProject(target, found);
      return found && found !== stored ? nextVersion(found, clock()) : undefined;
    },
    write: (next) => ledger.saveTarget(next),
    read,
    name: nameOf(target),
  });
}

/** The target's row as a run would go by it. Writes nothing, and does not check the project. */
export async function previewTarget(ledger: LedgerReader, target: Target): Promise<TargetRow | undefined> {
  const stored = await storedTarget(ledger, target);
  return stored && forSettings(ledger, target, stored);
}

async function storedTarget(ledger: LedgerReader, target: Target): Promise<TargetRow | undefined> {
  return (await ledger.findTarget(target.id)) ?? targetOfWindows(ledger, target.id);
}

// While no window of the row's project was ever ordered, the row follows the settings.
async function forSettings(ledger: LedgerReader, target: Target, stored: TargetRow): Promise<TargetRow> {
  if (projectIssues(target, stored).length === 0) return stored;
  const windows = await ledger.list(target.id, BEFORE_ALL_LOGINS);
  return windows.some(mayHaveTask) ? stored : rebound(target, stored);
}

export type RowPorts = Pick<RunPorts, 'ledger' | 'clock' | 'observe'>;

type Rewrite = {
  stored: TargetRow | undefined;
  wanted: (found: TargetRow | undefined) => TargetContent | undefined;
};

/** Writes the content that is wanted and resolves to the row; to the row as it is where no change is wanted. */
export function rewrite(
  ports: RowPorts,
  target: Target,
  { stored, wanted }: Rewrite,
): Promise<TargetRow | undefined> {
  return compareAndSet({
    found: stored,
    decide: (found) => {
      const content = wanted(found);
      if (!content || (found && isSame(contentOf(found), content))) return undefined;
      return fenced({ targetId: target.id, version: found?.version ?? 0 }, content, ports.clock());
    },
    write: (next) => ports.ledger.saveTarget(next),
    read: () => readTarget(ports, target),
    name: nameOf(target),
  });
}

/** What errors call the row of a target. */
export function nameOf({ id }: Target): string {
  return `the row of target ${id}`;
}

type Binding = { stored: TargetRow | undefined; projectId: string };

/**
 * Records the project of the target's exports. Without this a run that dies would leave windows that count for whatever
 * project the settings, or a token, name next. Throws an `InputError` where another run has bound another project.
 */
export function bindProject(
  ports: RowPorts,
  target: Target,
  { stored, projectId }: Binding,
): Promise<TargetRow | undefined> {
  const wanted = (found: TargetRow | undefined) => {
    checkCredentialProject(target, projectId, found?.projectId);
    return { ...boundProject(target), ...(found && contentOf(found)), projectId };
  };
  return rewrite(ports, target, { stored, wanted });
}

/** Whether two contents say the same. */
export function isSame(a: TargetContent, b: TargetContent): boolean {
  const text = (all: TargetContent) =>
    JSON.stringify(Object.entries(all).sort(([x], [y]) => (x < y ? -1 : 1)));
  return text(a) === text(b);
}

type Fence = Pick<TargetRow, 'targetId' | 'version'>;

/** A row with this content, as the next write of its row. */
export function fenced({ targetId, version }: Fence, content: TargetContent, now: Instant): TargetRow {
  return nextVersion({ ...content, targetId, version }, now);
}

/** The row of a target whose row was not found, if the target has windows; throws as `readAgain` does. */
async function targetOfWindows(ledger: LedgerReader, targetId: string): Promise<TargetRow | undefined> {
  const rows = await ledger.list(targetId, BEFORE_ALL_LOGINS);
  return rows.length === 0 ? undefined : readAgain(ledger, targetId, rows.length);
}

/** Where a listing begins that shows every window. */
export const BEFORE_ALL_LOGINS = Temporal.Instant.fromEpochMilliseconds(0);

/**
 * Reads the target's row once more where it was not found and windows are listed: another run may have written both in
 * the meantime. Otherwise the row is lost, because it is written before any window, and all that was exported would count
 * for nothing: throws an `InfrastructureError`.
 */
export async function readAgain(ledger: LedgerReader, targetId: string, windows: number): Promise<TargetRow> {
  const found = await ledger.findTarget(targetId);
  if (found) return found;
  throw new InfrastructureError(
    `The ledger has ${windows} windows of target ${targetId}, and the row of the target itself is missing. Restore it from a ` +
      'backup. Without one, give the target a new id, and a start_at where its coverage should begin.',
  );
}
