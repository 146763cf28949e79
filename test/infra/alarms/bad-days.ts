import { dirname } from 'node:path';
import { PASSWORD, secretsFile } from '../../support/huawei/start-huawei.ts';
import type { WatchedService } from './watched-service.ts';
import { inFunction, inQueue, ofRule, ofSchedules } from './written-by-aws.ts';

/** What goes wrong, and the pages of the alarms that must fire then; others may fire as well. */
export type BadDay = { story: string; fires: string[]; happens: (service: WatchedService) => Promise<void> };

const always = (on: 'any' | 'export' | 'tasks', type: 'throttle' | 'forbidden') => ({
  steps: [{ on, times: 'always', effect: { type } } as const],
});

function spoilSecret({ world }: WatchedService): void {
  secretsFile(
    { 'huawei/acme': { ...PASSWORD, password: 'fake-wrong-password-77e0' } },
    dirname(world.secrets),
  );
}

/** Something that AWS does and tells, for an hour and a half. */
function tells(...said: [metric: Parameters<WatchedService['write']>[0], value: number][]) {
  return async (service: WatchedService) => {
    for (let quarter = 0; quarter < 6; quarter += 1) {
      for (const [metric, value] of said) service.write(metric, value);
      service.world.later({ minutes: 15 });
    }
    await service.pass(1);
  };
}

export const BAD_DAYS: BadDay[] = [
  {
    story: 'the password is changed and nobody tells the secret store',
    fires: ['scheduled-export-failing', 'failed-runs', 'windows-failed', 'coverage-stale'],
    happens: async (service) => {
      spoilSecret(service);
      await service.pass(30);
    },
  },
  {
    story: 'Huawei refuses the exports for a month, and an alert asked for some',
    fires: ['retention-running-out', 'windows-at-risk', 'windows-lost', 'alerts-lost'],
    happens: async (service) => {
      service.world.emulator.setScenario(always('export', 'forbidden'));
      await service.alert('finding-1', service.world.time.now.subtract({ hours: 1 }).toString());
      await service.pass(32 * 24, { sweeps: false });
    },
  },
  {
    story: 'Huawei does not tell what became of the tasks',
    fires: ['windows-unconfirmed'],
    happens: async (service) => {
      service.world.emulator.setScenario(always('tasks', 'forbidden'));
      await service.pass(72);
    },
  },
  {
    story: 'Huawei does not tell for a month what became of the tasks',
    fires: ['windows-never-confirmed'],
    happens: async (service) => {
      service.world.emulator.setScenario(always('tasks', 'forbidden'));
      await service.pass(32 * 24, { sweeps: false });
    },
  },
  {
    story: 'the clock of the functions goes wrong by six minutes',
    fires: ['clock-off'],
    happens: async (service) => {
      service.machine.aheadSeconds = -360;
      await service.pass(54);
    },
  },
  {
    story: 'somebody edits the ledger by hand, before the last window is confirmed',
    fires: ['rows-unreadable'],
    happens: async (service) => {
      await service.pass(24, { sweeps: false });
      service.spoilRows('windows');
      await service.pass(24);
    },
  },
  {
    story: 'somebody edits what an alert asks for by hand, and nobody fixes it',
    fires: ['rows-unreadable', 'scheduled-export-failing', 'failed-runs'],
    happens: async (service) => {
      await service.alert('finding-1', service.world.time.now.toString());
      service.spoilRows('alert_requests');
      await service.pass(4);
    },
  },
  {
    story: 'every task that Huawei accepts comes to nothing, until no other is ordered',
    fires: ['coverage-stale', 'alerts-exhausted'],
    happens: async (service) => {
      const effect = { type: 'fail_task', reason: 'disk full' } as const;
      service.world.emulator.setScenario({ steps: [{ on: 'export', times: 'always', effect }] });
      await service.alert('finding-1', service.world.time.now.subtract({ hours: 3 }).toString());
      await service.pass(48);
    },
  },
  {
    story: 'Huawei tells every caller to come back later',
    fires: ['calls-throttled'],
    happens: async (service) => {
      service.world.emulator.setScenario(always('any', 'throttle'));
      await service.pass(30);
    },
  },
  {
    story: 'nobody starts anything any more',
    fires: ['no-runs', 'coverage-stale'],
    happens: async ({ world }) => world.later({ hours: 12 }),
  },
  {
    story: 'the schedules may not start the function, and are exhausted a day later',
    fires: ['schedules-undelivered', 'no-runs', 'undelivered-runs'],
    happens: async (service) => {
      await service.pass(24, { starts: false });
      await tells([inQueue('UndeliveredRunsQueue', 'ApproximateNumberOfMessagesVisible'), 1])(service);
    },
  },
  {
    story: 'an alert comes while Huawei refuses the exports',
    fires: ['alert-export-failing', 'failed-alerts'],
    happens: async (service) => {
      await service.pass(5);
      service.world.emulator.setScenario(always('export', 'forbidden'));
      await service.alert('finding-1', service.world.time.now.subtract({ hours: 1 }).toString());
      await service.pass(1);
    },
  },
  {
    story: 'no consumer reads the queue',
    fires: ['tasks-unread'],
    happens: (service) => service.pass(96, { isRead: false }),
  },
  {
    story: 'a consumer fails at a message again and again',
    fires: ['tasks-dead'],
    happens: tells([inQueue('TaskDeadLetterQueue', 'ApproximateNumberOfMessagesVisible'), 1]),
  },
  {
    story: 'the account has no concurrency left',
    fires: ['scheduled-export-throttled', 'alert-export-behind'],
    happens: tells(
      [inFunction('ScheduledExportLambdaFunction', 'Throttles'), 4],
      [inFunction('AlertExportLambdaFunction', 'AsyncEventAge'), 45 * 60 * 1_000],
    ),
  },
  {
    story: 'EventBridge may not start the function for alerts, and gives one up a day later',
    fires: ['undelivered-alerts'],
    happens: tells([inQueue('UndeliveredAlertsQueue', 'ApproximateNumberOfMessagesVisible'), 1]),
  },
  ...[
    inFunction('ScheduledExportLambdaFunction', 'DestinationDeliveryFailures'),
    inFunction('AlertExportLambdaFunction', 'DestinationDeliveryFailures'),
    ofSchedules('ScheduleGroup', 'InvocationsFailedToBeSentToDeadLetterCount'),
    ofRule('GuardDutyFindings', 'InvocationsFailedToBeSentToDlq'),
    ofRule('LoginExportRequests', 'InvocationsFailedToBeSentToDlq'),
  ].map((metric) => ({
    story: `a queue for failures takes nothing: ${metric.name} of ${Object.values(metric.dimensions).map((value) => Object(value).Ref)}`,
    fires: ['dead-letters-refused'],
    happens: tells([metric, 1]),
  })),
];
