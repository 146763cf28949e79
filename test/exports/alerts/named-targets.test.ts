import { describe, expect, it } from 'vitest';
import { readTargets } from '../../../lib/domain/input/targets-file.ts';
import { namedTargets } from '../../../lib/exports/alerts/match.ts';

const least = { region: 'ap-southeast-3', credential: 'huawei/acme' };
const targets = readTargets(
  {
    targets: [
      { ...least, id: 'acme-prod' },
      { ...least, id: 'acme-eu' },
      { ...least, id: 'off', enabled: false },
    ],
  },
  { source: 'targets.yml', regions: ['ap-southeast-3'] },
);

const named = (...ids: string[]) => namedTargets(targets, ids).map(({ id }) => id);

describe('the targets that an alert names', () => {
  it('are found, each once', () => {
    expect(named('acme-eu', 'acme-prod', 'acme-eu')).toEqual(['acme-eu', 'acme-prod']);
  });

  it('are refused together when some are unknown or not enabled, with what was probably meant', () => {
    expect(() => named('acme-prod', 'acme-pord', 'off', 'nobody-knows-it')).toThrow(
      [
        'The alert names targets that cannot be exported:',
        '  detail.target_ids[1]: "acme-pord" is not known; did you mean "acme-prod"?',
        '  detail.target_ids[2]: "off" is not enabled',
        '  detail.target_ids[3]: "nobody-knows-it" is not known; known are acme-prod, acme-eu',
      ].join('\n'),
    );
  });
});
