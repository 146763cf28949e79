import { expect, it } from 'vitest';
import { runScheduledExport } from '../../../../lib/exports/scheduled-run.ts';
import { alertingTarget } from '../../../support/alerts/alerting-target.ts';

// How often a run reads what costs most: a listing of the ledger's windows, and a search of Huawei's task list.

const SEEN = { from: '08:00', to: '09:00', lastSeen: '08:45', filters: { public_ip: '198.51.100.7' } };
const A_DAY = 24 * 3_600;
const A_HALF_HOUR = 30 * 60;

/** An alerting target whose schedule has run. Each run counts its reads. */
async function countingTarget(taskCreatingSeconds: number) {
  const local = await alertingTarget({ schedule: 'cron(35 0 * * ? *)' }, { taskCreatingSeconds });
  await local.sweep(false);
  const run = async ({ sweep }: { sweep: boolean }) => {
    const counts = { listings: 0, openRows: 0, searches: 0 };
    const { ledger, api } = local.ports;
    const list: typeof ledger.list = (...given) => {
      counts.listings += 1;
      return ledger.list(...given);
    };
    const listOpen: typeof ledger.listOpen = (...given) => {
      counts.openRows += 1;
      return ledger.listOpen(...given);
    };
    const listTasks: typeof api.listTasks = (target, page, signal) => {
      if (page.offset === 0 && !page.isDownloaded) counts.searches += 1;
      return api.listTasks(target, page, signal);
    };
    const ports = { ...local.ports, ledger: { ...ledger, list, listOpen }, api: { ...api, listTasks } };
    const input = { targets: [local.target], sweep, scheduledTime: local.clock() };
    const never = new AbortController().signal;
    await runScheduledExport(ports, { ...input, trigger: { kind: 'schedule' } }, never);
    return counts;
  };
  return { ...local, run };
}

it('a quiet sweep reads the open rows alone', async () => {
  const { run, sweep, pass } = await countingTarget(0);
  pass({ minutes: 15 });
  await sweep();
  pass({ minutes: 15 });
  expect(await run({ sweep: true })).toEqual({ listings: 0, openRows: 1, searches: 0 });
});

it('a quiet sweep with one open export for an alert lists once and searches once', async () => {
  const { run, sweep, serve, pass } = await countingTarget(A_HALF_HOUR);
  pass({ minutes: 45 });
  await sweep();
  await serve(SEEN);
  pass({ minutes: 15 });
  expect(await run({ sweep: true })).toEqual({ listings: 1, openRows: 1, searches: 1 });
});

it('a sweep that confirms windows and an export for an alert searches once, and lists again only to move coverage on', async () => {
  const { run, serve, pass } = await countingTarget(A_DAY);
  pass({ minutes: 5 });
  await serve(SEEN);
  pass({ minutes: 15 });
  expect(await run({ sweep: true })).toEqual({ listings: 2, openRows: 1, searches: 1 });
});

it('a scheduled run with one open export for an alert searches once; before its first order it lists 30 days', async () => {
  const { run, serve, pass } = await countingTarget(2 * A_DAY);
  pass({ minutes: 5 });
  await serve(SEEN);
  pass({ hours: 15 });
  expect(await run({ sweep: false })).toEqual({ listings: 3, openRows: 1, searches: 1 });
});
