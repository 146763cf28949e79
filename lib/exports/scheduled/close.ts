import type { Target } from '../../domain/target.ts';
import type { TargetRecord } from '../../domain/target-record.ts';
import type { WindowResult } from '../report.ts';
import type { RunPorts } from '../run-ports.ts';
import { tellCoverage } from './coverage.ts';
import { listFrom, surveyFor } from './look.ts';
import type { Opening } from './opening.ts';
import { advance, type Learnt } from './target-row.ts';
import { tellUntold } from './untold.ts';

type Closing = { target: Target; asked: Opening; record: TargetRecord };

/**
 * Ends the work on a target: tells what an earlier run may have died over before it told, moves the target's coverage on
 * and tells how it stands. `told` names the windows that this run told of.
 */
export async function closeTarget(
  ports: RunPorts,
  { target, asked, record }: Closing,
  { told, learnt }: { told: ReadonlySet<string>; learnt: Learnt },
): Promise<WindowResult[]> {
  const entries = await listFrom(ports.ledger, target, { content: record, asked });
  const seen = surveyFor(target, { content: record, entries }, { own: asked.own, now: ports.clock() });
  const { untoldFrom } = record;
  const untold = await tellUntold(ports, { target, entries, seen, untoldFrom, told });
  const advanced = await advance(ports, record, seen, { ...learnt, isUnverified: !asked.isVerified });
  await tellCoverage(ports, target, { record: advanced, seen });
  return untold;
}
