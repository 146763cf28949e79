import { describe } from 'vitest';
import { ALERT, ANOTHER, CLOSING, LOSS, REST, TASK_OF_ALERT_FAILED } from './alert-stories.ts';
import { describeKillPoints } from './kill-points.ts';

describe('an export for an alert that is stopped dead at any call, and the next one too', () => {
  describeKillPoints('SQLite', ALERT);
  describeKillPoints('SQLite', ANOTHER);
  describeKillPoints('SQLite', REST);
  describeKillPoints('SQLite', TASK_OF_ALERT_FAILED);
  describeKillPoints('SQLite', CLOSING);
  describeKillPoints('SQLite', LOSS);
});
