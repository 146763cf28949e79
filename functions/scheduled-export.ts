import { orThrow } from '../lib/exports/report.ts';
import { runScheduledExport } from '../lib/exports/scheduled/run.ts';
import { readScheduledEvent } from '../lib/exports/scheduled/scheduled-event.ts';
import { selectTargets } from '../lib/exports/targets.ts';
import { lambda } from './lambda.ts';

/**
 * Exports what is due of the target that the schedule names, or sweeps all targets. Answers with a `RunReport`, or
 * throws when a window failed or was found to be lost.
 */
export const handler = lambda(async (event, { targets, signal, ...ports }) => {
  const { targetId, ...demand } = readScheduledEvent(event);
  const report = await runScheduledExport(
    ports,
    { ...demand, targets: selectTargets(targets, targetId) },
    signal,
  );
  return orThrow(report);
});
