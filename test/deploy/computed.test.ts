import { expect, it } from 'vitest';
import { computed } from '../../lib/deploy/computed.ts';
import { targetAt } from '../support/huawei.ts';

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

it('gives osls, which prints the stack of an error, an error whose stack is its message', async () => {
  const readSettings = () => Promise.reject(new Error('The file is missing.'));
  const error = await computed({ readSettings })
    .alarms(osls())
    .catch((failed: unknown) => failed);
  expect(error).toMatchObject({ message: 'The file is missing.', stack: 'The file is missing.' });
});
