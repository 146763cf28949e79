import type { ExportError } from '../../domain/errors.ts';
import type { Target } from '../../domain/target.ts';
import type { TargetRecord } from '../../domain/target-record.ts';
import type { WindowResult } from '../report.ts';
import type { RunPorts } from '../run-ports.ts';
import { reportCoverage } from './coverage.ts';
import { failedByOutage } from './list-outage.ts';
import type { Opening } from './opening.ts';
import { advance, type Learnt } from './target-row.ts';
import { assessFor, listFrom } from './target-state.ts';
import { stillUntold, tellUntold, type Untold } from './untold.ts';

type Closing = { target: Target; asked: Opening; record: TargetRecord };

type Worked = {
  /** Windows that this run told of, by `spanName`. */
  told: ReadonlySet<string>;
  learnt: Learnt;
  untold: Untold;
  /** Why the task list could not be had. */
  outage?: ExportError | undefined;
};

/**
 * Ends the work on a target: tells what another run may have died over before it told, moves the target's coverage on
 * and tells how it stands. A task list that could not be had may fail the run.
 */
export async function closeTarget(
  ports: RunPorts,
  { target, asked, record }: Closing,
  { told, learnt, untold, outage }: Worked,
): Promise<WindowResult[]> {
  const entries = await listFrom(ports.ledger, target, { content: record, asked });
  const seen = assessFor(target, { content: record, entries }, { ...asked, now: ports.clock() });
  const { isVerified } = asked;
  const late = isVerified ? untold : { ...untold, from: undefined };
  const results = await tellUntold(ports, { target, entries, seen, untold: late, told });
  const untoldFrom = stillUntold(untold, isVerified);
  const advanced = await advance(ports, record, seen, { ...learnt, untoldFrom, isUnverified: !isVerified });
  const unanswered = await reportCoverage(ports, target, { record: advanced, seen });
  const { listDownSince: since } = learnt;
  return [...results, ...failedByOutage(ports, target, { seen, unanswered, outage, since })];
}
