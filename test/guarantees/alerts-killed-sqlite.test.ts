import { describe } from 'vitest';
import { ALERT, ANOTHER, FOLLOW_UP, TASK_OF_ALERT_FAILED } from './alert-stories.ts';
import { describeKillPoints } from './kill-points.ts';

describe('an export for an alert that is stopped dead at any call, and the next one too', () => {
  describeKillPoints('SQLite', ALERT);
  describeKillPoints('SQLite', ANOTHER);
  describeKillPoints('SQLite', FOLLOW_UP);
  describeKillPoints('SQLite', TASK_OF_ALERT_FAILED);
});
