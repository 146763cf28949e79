import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it.each([
  ['identity-policy.json', '5.0'],
  ['role-policy.json', '1.1'],
])('%s allows to order an export and to list export tasks, and nothing else', async (file, version) => {
  const path = join(import.meta.dirname, '..', '..', '..', 'infra', 'huawei', file);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
    Version: version,
    Statement: [
      {
        Effect: 'Allow',
        Action: ['workspace:session:exportUserConnection', 'workspace:tenants:listExportTasks'],
      },
    ],
  });
});
