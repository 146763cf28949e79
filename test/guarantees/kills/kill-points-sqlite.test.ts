import { describe } from 'vitest';
import { describeKillPoints } from './kill-points.ts';
import { CAUGHT_UP, FIRST_EVER, LEASE_RUNS, TASK_FAILED } from './nightly-stories.ts';

describe('a run that is stopped dead at any call, and the next one too', () => {
  describeKillPoints('SQLite', FIRST_EVER);
  describeKillPoints('SQLite', CAUGHT_UP);
  describeKillPoints('SQLite', TASK_FAILED);
  describeKillPoints('SQLite', LEASE_RUNS);
});
