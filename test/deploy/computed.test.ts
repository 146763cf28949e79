import { expect, it } from 'vitest';
import { computed } from '../../lib/deploy/computed.ts';
import { targetAt } from '../support/huawei/start-huawei.ts';

const FILE = { file: 'parameters.yml', document: undefined };

/** osls, as far as it is asked. */
function osls(commandLine: string | string[] = '') {
  const known: Record<string, unknown> = {
    "opt:param, ''": commandLine,
    'sls:stage': 'blue',
    'self:service': 'exports',
  };
  return { resolveVariable: async (variable: string) => known[variable] };
}

it('reads the settings once for all parts of the template', async () => {
  const reads: (readonly string[])[] = [];
  const parts = computed({
    readSettings: async (commandLine) => {
      reads.push(commandLine);
      return { targets: [targetAt('http://127.0.0.1:1')], rules: [], parameters: FILE };
    },
  });
  const given = osls(['settings=ours', 'alarm_email=a@example.com']);
  const all = await Promise.all(Object.values(parts).map((part) => part(given)));
  expect(all).toHaveLength(7);
  expect(reads).toEqual([['settings=ours', 'alarm_email=a@example.com']]);
});

it('names everything by service and stage', async () => {
  const readSettings = async () => ({ targets: [], rules: [], parameters: FILE });
  const { Resources } = await computed({ readSettings }).schedules(osls());
  expect(Resources['ScheduleGroup']?.Properties).toEqual({ Name: 'exports-blue' });
});

it('gives osls, which prints the stacks of all errors, the message alone, and each message once', async () => {
  const readSettings = () => Promise.reject(new Error('The file is missing.'));
  const parts = computed({ readSettings });
  const stackOf = (part: (given: ReturnType<typeof osls>) => Promise<unknown>) =>
    part(osls()).catch((error) => error.stack);
  expect(await stackOf(parts.alarms)).toBe('The file is missing.');
  expect(await stackOf(parts.schedules)).toBe('the same error as for "alarms"');
});

it('leaves to osls what it cannot answer yet, so that it asks again', async () => {
  const pending = Object.assign(new Error('later'), { code: 'MISSING_VARIABLE_DEPENDENCY' });
  const parts = computed({ readSettings: async () => ({ targets: [], rules: [], parameters: FILE }) });
  await expect(parts.alarms({ resolveVariable: () => Promise.reject(pending) })).rejects.toBe(pending);
  expect(await parts.alarms(osls())).toMatchObject({ Resources: { AlarmTopic: {} } });
});
