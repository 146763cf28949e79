import { packagedOnce } from '../packaged-service.ts';
import { WATCHED } from './watched-service.ts';

const TARGETS = `
targets:
  - { id: ${WATCHED}, region: ap-southeast-3, credential: huawei/acme }
  - { id: asleep, region: ap-southeast-3, credential: huawei/asleep, enabled: false }
`;
const ALERTS = `rules: [{ id: grave, match: { severity_at_least: high }, targets: [${WATCHED}] }]`;

/** The service that the tests of the alarms look at: one target that is watched and one that sleeps. */
export const packagedAlarms = () => packagedOnce(TARGETS, ALERTS);
