import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../lib/domain/errors.ts';
import { readTargetsFile } from '../../lib/settings/files.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';

async function errorOf(...lines: string[]): Promise<InputError> {
  const path = join(temporaryFolder(), 'targets.yml');
  writeFileSync(path, lines.join('\n'));
  const error = await readTargetsFile(path, 'targets.yml').catch((thrown: unknown) => thrown);
  if (error instanceof InputError) return error;
  throw new Error('It was accepted.');
}

const ONE = ['targets:', '  - id: acme-prod', '    region: ap-southeast-3', '    credential: huawei/acme'];

describe('an issue of a targets file', () => {
  it('is reported with its line and the target that it belongs to', async () => {
    const error = await errorOf(
      ...ONE,
      '    window:',
      '      every: P2D',
      '  - id: acme-eu',
      '    region: ap-southeast-3',
    );
    expect(error.issues).toEqual([
      {
        path: 'targets[0].window.every',
        message: expect.stringContaining('must be P1D'),
        ...{ line: 6, id: 'acme-prod' },
      },
      {
        path: 'targets[1].credential',
        message: 'is missing (must be text)',
        line: 7,
        id: 'acme-eu',
      },
    ]);
    expect(error.message).toContain('\n  targets[0].window.every (line 6, acme-prod): must be P1D');
  });

  it('goes by its line alone where the id is invalid itself', async () => {
    const [issue, ...more] = (await errorOf('targets:', '  - id: ACME', ...ONE.slice(2))).issues;
    expect(more).toEqual([]);
    expect(issue).toEqual({ path: 'targets[0].id', message: expect.stringContaining('1 to 63'), line: 2 });
  });
});

describe('one typo is one issue', () => {
  it.each([
    [
      'a misspelt key that must be there',
      ['targets:', '  - id: a', '    regoin: ap-southeast-3', '    credential: c'],
      3,
    ],
    ['a misspelt key at the top', ['target:', '  - id: a'], 1],
    [
      'a region without a hyphen',
      ['targets:', '  - id: a', '    region: ap-southeast3', '    credential: c'],
      3,
    ],
    ['a zone that nobody knows', [...ONE, '    api_time: {time_zone: Mars/Olympus}'], 5],
    [
      'a misspelt endpoint',
      [
        ...ONE.slice(0, 2),
        '    region: xx-new-1',
        '    credential: c',
        '    endpoints: {iam: "https://a.example", exprt: "https://b.example", tasks: "https://c.example"}',
      ],
      5,
    ],
    ['a number without quotes', [...ONE, '    project_id: 0123'], 5],
    ['a number with an exponent', [...ONE, '    project_id: 1e5'], 5],
    [
      'a key with a no-break space',
      [...ONE.slice(0, 2), '    "region\u00a0": ap-southeast-3', '    credential: c'],
      3,
    ],
    ['a merge key', [...ONE, '  - <<: {region: ap-southeast-3, credential: c}', '    id: b'], 5],
    ['a key without a value', [...ONE.slice(0, 3), '    credential:'], 4],
    ['a file that is empty', ['# nothing'], undefined],
  ])('%s', async (_, lines, line) => {
    const { issues } = await errorOf(...lines);
    expect(issues).toHaveLength(1);
    const [{ path = '', line: given } = {}] = issues;
    expect(given ?? (Number(/^line (\d+)/.exec(path)?.[1]) || undefined)).toBe(line);
  });

  it('says what would be right', async () => {
    const message = async (...lines: string[]) => (await errorOf(...lines)).message;
    expect(await message(...ONE, '    project_id: 0123')).toContain('must be text; put it in quotes');
    expect(
      await message(...ONE.slice(0, 2), '    region: "ap-southeast-3\u00a0"', '    credential: c'),
    ).toContain(
      'ends with a no-break space (U+00A0), so it has no known hosts; did you mean "ap-southeast-3"?',
    );
    expect(await message(...ONE.slice(0, 2), '    "region\u00a0": x', '    credential: c')).toContain(
      'is not known here, because it ends with a no-break space (U+00A0); did you mean "region"?',
    );
    expect(await message(...ONE.slice(0, 3), '    credential:')).toContain(
      'must be text, and is empty (null)',
    );
  });
});

describe('a filter', () => {
  it.each([
    ['"anna "', 'ends with a space (U+0020)', 'remove it'],
    ['|\n        anna\n', 'ends with a line break (U+000A)', 'remove it'],
    ['"\u200banna"', 'begins with a character without width (U+200B)', 'remove it'],
    ['"an\\tna"', 'holds a tab (U+0009)', 'remove it'],
    ['"J\ufffdrgen"', 'holds U+FFFD, which a wrong conversion leaves', 'write it again'],
    ['"\\uD800"', 'holds half of a character (a lone surrogate)', 'write it again'],
  ])('of %j would match nobody, so it is refused', async (value, message, fix) => {
    const { issues } = await errorOf(...ONE, '    filters:', `      user_name: ${value}`);
    expect(issues).toEqual([
      {
        path: 'targets[0].filters.user_name',
        message: expect.stringContaining(message),
        fix,
        line: 6,
        id: 'acme-prod',
      },
    ]);
  });
});
