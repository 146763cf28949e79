import type { ExportError } from '../../domain/errors.ts';
import type { Target } from '../../domain/target.ts';
import type { TargetRecord } from '../../domain/target-record.ts';
import type { WindowResult } from '../report.ts';
import type { RunPorts } from '../run-ports.ts';
import { tellCoverage } from './coverage.ts';
import { listFrom, surveyFor } from './look.ts';
import type { Opening } from './opening.ts';
import type { Survey } from './survey.ts';
import { advance, type Learnt } from './target-row.ts';
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
 * and tells how it stands. A task list that could not be had fails the run once nobody has known for a day how exports
 * ended.
 */
export async function closeTarget(
  ports: RunPorts,
  { target, asked, record }: Closing,
  { told, learnt, untold, outage }: Worked,
): Promise<WindowResult[]> {
  const entries = await listFrom(ports.ledger, target, { content: record, asked });
  const seen = surveyFor(target, { content: record, entries }, { ...asked, now: ports.clock() });
  const { isVerified } = asked;
  const late = isVerified ? untold : { ...untold, from: undefined };
  const results = await tellUntold(ports, { target, entries, seen, untold: late, told });
  const untoldFrom = stillUntold(untold, isVerified);
  const advanced = await advance(ports, record, seen, { ...learnt, untoldFrom, isUnverified: !isVerified });
  const unanswered = await tellCoverage(ports, target, { record: advanced, seen });
  return [...results, ...failedOutage(ports, target, { seen, outage: unanswered && outage })];
}

// For a day it may be bad luck. After that a failed task might go unseen until Huawei has its records no more.
function failedOutage(
  { observe }: RunPorts,
  { id: targetId }: Target,
  { seen, outage: error }: { seen: Survey; outage: ExportError | undefined },
): WindowResult[] {
  const window = seen.unconfirmed[0]?.window;
  if (!error || !window) return [];
  observe({ type: 'window_failed', targetId, window, error });
  return [{ window, result: { outcome: 'failed', error } }];
}
