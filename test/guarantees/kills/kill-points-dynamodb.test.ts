import { describe } from 'vitest';
import { describeKillPoints } from './kill-points.ts';
import { CAUGHT_UP, FIRST_EVER, LEASE_RUNS, TASK_FAILED } from './nightly-stories.ts';

describe('a run that is stopped dead at any call, and the next one too', () => {
  describeKillPoints('DynamoDB', FIRST_EVER);
  describeKillPoints('DynamoDB', CAUGHT_UP);
  describeKillPoints('DynamoDB', TASK_FAILED);
  describeKillPoints('DynamoDB', LEASE_RUNS);
});
