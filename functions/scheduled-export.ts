import targets from '../infra/settings/targets.yml';
import { readConfig } from '../lib/config.ts';
import { readScheduledEvent } from '../lib/exports/run/event.ts';
import { runScheduledExport } from '../lib/exports/scheduled-run.ts';
import { selectTargets } from '../lib/exports/targets.ts';
import { orThrow } from '../lib/exports/window/run-report.ts';
import { wireAws } from '../lib/wiring/aws.ts';
import { lambda } from './lambda.ts';

/**
 * Exports the due windows of the target that the schedule names, or sweeps all targets. Answers with a `RunReport`. Throws
 * when a window failed or is lost.
 */
export const handler = lambda({
  wire: (variables, given) => wireAws(readConfig(variables), { targets, ...given }),
  run: async (event, { ports, targets, signal }) => {
    const { targetId, ...input } = readScheduledEvent(event);
    const selected = selectTargets(targets, targetId);
    return orThrow(await runScheduledExport(ports, { ...input, targets: selected }, signal));
  },
});
