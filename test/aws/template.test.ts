import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageService } from '../infra/packaged-service.ts';
import { EVERY_PARAMETER } from './every-parameter.ts';
import { PYTHON_TOOLS } from './moto.ts';

const TARGETS = `
targets:
  - { id: acme-prod, region: ap-southeast-3, credential: huawei/acme-prod }
  - { id: beta, region: ap-southeast-3, credential: huawei/beta, schedule: rate(6 hours) }
`;
const ALERTS = 'rules: [{ id: all, match: {}, targets: [acme-prod, beta] }]';

it.each([
  ['without parameters', {}],
  ['with every parameter', EVERY_PARAMETER],
])(
  'cfn-lint finds nothing in the packaged templates, %s, and is told to overlook nothing',
  async (_, parameters) => {
    const { folder, remove } = await packageService(TARGETS, ALERTS, parameters);
    const templates = ['create', 'update'].map((kind) =>
      join(folder, '.serverless', `cloudformation-template-${kind}-stack.json`),
    );
    const linter = join(PYTHON_TOOLS, 'cfn-lint');
    // Ends with another status than 0 when there is anything to say, all of which it says on its standard output.
    const { status, stdout } = spawnSync(linter, templates, { cwd: folder, encoding: 'utf8' });
    await remove();
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  },
);
