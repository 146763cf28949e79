import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { topicName } from '../../../lib/deploy/alarms/alarms.ts';
import { SWEEP } from '../../../lib/deploy/schedules.ts';
import { ROOT } from './document.ts';
import { pages } from './pages.ts';

const infra = (name: string) => readFileSync(join(ROOT, 'infra', name), 'utf8');

const prefix = `${parse(readFileSync(join(ROOT, 'serverless.yml'), 'utf8')).service}-prod`;

const yaml = globSync('**/*.yml', { cwd: join(ROOT, 'infra'), exclude: ['settings/**'] })
  .map(infra)
  .join('\n')
  .replaceAll(/\$\{self:service\}-\$\{sls:stage\}/g, prefix);

const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name);

const [target] = parse(infra('settings/targets.example.yml')).targets;
const functions = found(yaml, /^ {2}name: (\S+)$/gm);
const queues = found(yaml, /QueueName: (\S+)$/gm);
const tables = found(yaml, /TableName: (\S+)$/gm);
const groups = [...found(yaml, /schedule-group\/(\S+)$/gm), ...found(yaml, /^ {6}Name: (\S+)$/gm)];
const schedules = [target.id, SWEEP];
const topics = [topicName(prefix)];
const alarms = [
  ...pages.ofService.map(({ page }) => `${prefix}-${page}`),
  ...pages.ofTargets.map(({ page }) => `${prefix}-${target.id}-${page}`),
];

/** What the options of AWS's command line may name: what the templates make, under the names of the example. */
export const NAMED: Record<string, readonly string[]> = {
  'function-name': functions,
  'queue-name': queues,
  'queue-name-prefix': [`${prefix}-`],
  'table-name': tables,
  'ledger-table': tables,
  'group-name': groups,
  name: schedules,
  'log-group-name': functions.map((name) => `/aws/lambda/${name}`),
  'alarm-names': alarms,
  'alarm-name-prefix': [`${prefix}-`],
  'secret-id': [target.credential],
};

/** All that begins with the name of the service and may stand anywhere in the document: also its dashboard and stack. */
export const ALL_NAMES: readonly string[] = [
  ...functions,
  ...queues,
  ...tables,
  ...groups,
  ...topics,
  ...alarms,
  prefix,
  `${prefix}-`,
];
