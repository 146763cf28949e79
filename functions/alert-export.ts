import rules from '../infra/alerts.yml';
import targets from '../infra/targets.yml';
import { readAlertConfig } from '../lib/config.ts';
import { orThrowFaults, readAlertEvent } from '../lib/exports/alerts/alert-event.ts';
import { exportForAlerts, followUp } from '../lib/exports/alerts/alert-export.ts';
import { orThrow } from '../lib/exports/report.ts';
import { selectTargets } from '../lib/exports/targets.ts';
import { wireAlerts } from '../lib/wiring/aws-alerts.ts';
import { lambda } from './lambda.ts';

/**
 * Exports the logins around security alerts, or what is due by now for earlier ones. Answers with an `AlertsReport`, or
 * throws when an export failed or a finding could not be read, after having done all the others.
 */
export const handler = lambda({
  wire: (variables, given) => wireAlerts(readAlertConfig(variables), { targets, rules, ...given }),
  run: async (event, { ports, targets, rules, signal }) => {
    const arrivedAt = ports.ownClock();
    const asked = readAlertEvent(event, { arrivedAt });
    if (asked.kind === 'follow_up')
      return orThrow(await followUp(ports, selectTargets(targets, asked.targetId), signal));
    const demand = { alerts: asked.alerts, rules, targets, arrivedAt };
    return orThrowFaults(asked, orThrow(await exportForAlerts(ports, demand, signal)));
  },
});
