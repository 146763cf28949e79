import rules from '../infra/settings/alerts.yml';
import targets from '../infra/settings/targets.yml';
import { readConfig } from '../lib/config.ts';
import { exportForAlerts } from '../lib/exports/alerts/alert-run.ts';
import { orThrowIssues, readAlertEvent } from '../lib/exports/alerts/events/event.ts';
import { orThrow } from '../lib/exports/window/run-report.ts';
import { wireAlerts } from '../lib/wiring/aws.ts';
import { lambda } from './lambda.ts';

/**
 * Exports the logins around security alerts, up to the time of the alert. Later logins are exported by the sweeps of the
 * other function. Answers with an `AlertsReport`. Throws when an export failed or a finding could not be read, after all
 * the others are done.
 */
export const handler = lambda({
  wire: (variables, given) => wireAlerts(readConfig(variables), { targets, rules, ...given }),
  run: async (event, { ports, targets, rules, signal }) => {
    const arrivedAt = ports.ownClock();
    const asked = readAlertEvent(event, { arrivedAt });
    const input = { alerts: asked.alerts, rules, targets, arrivedAt };
    return orThrowIssues(asked, orThrow(await exportForAlerts(ports, input, signal)));
  },
});
