import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TARGET_METRICS } from '../../lib/adapters/telemetry/metrics.ts';
import { serviceAlarms } from '../../lib/deploy/alarms/service-alarms.ts';
import { ROOT } from './operations/document.ts';
import { pages } from './operations/pages.ts';

const deploy = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');

// US$ a month: CloudWatch's and Secrets Manager's list prices, as the document has them.
const [METRIC, ALARM, SECRET] = [0.3, 0.1, 0.4];

const RULES_FOR_BOTH = [
  'GuardDutyFindings',
  'SecurityHubFindings',
  'SecurityHubFindingsV2',
  'LoginExportRequests',
];

it('docs/deploy.md counts the metrics and alarms that a target has, and their price', () => {
  // Of an export call alone there is no value in most hours, and only hours with one are paid.
  const hourly = Object.keys(TARGET_METRICS).filter((name) => name !== 'ExportCallMilliseconds').length;
  const alarms = pages.ofTargets.length;
  expect(deploy).toContain(`| ${hourly} custom metrics for each target`);
  expect(deploy).toContain(`only at night | ${(hourly * METRIC).toFixed(2)} |`);
  const service = serviceAlarms(RULES_FOR_BOTH).length;
  const priceOfAlarms = ((service + alarms) * ALARM).toFixed(2);
  expect(deploy).toContain(
    `| ${service} with rules for both kinds of findings, and ${alarms} for each target, at 0.10 | ${priceOfAlarms} |`,
  );
  const each = hourly * METRIC + alarms * ALARM + SECRET;
  expect(deploy).toContain(`Each further target with its own secret adds about ${each.toFixed(2)}`);
});
