import { describe } from 'vitest';
import { ALERT, LOSS, REST } from './alert-stories.ts';
import { describeKillPoints } from './kill-points.ts';

describe('an export for an alert that is stopped dead at any call, and the next one too', () => {
  describeKillPoints('DynamoDB', ALERT);
  describeKillPoints('DynamoDB', REST);
  describeKillPoints('DynamoDB', LOSS);
});
