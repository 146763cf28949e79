import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { filtersDigest } from '../../../lib/domain/ledger/window-row.ts';
import { confirmTasks } from '../../../lib/exports/confirmation/confirm.ts';
import { submitWindow } from '../../../lib/exports/window/export-window.ts';
import { orThrow } from '../../../lib/exports/window/run-report.ts';
import { numberedRow, taskMessage, windowRow } from '../../support/ledger/window-rows.ts';
import { mortalPorts } from '../../support/runs/killed-run.ts';
import { at, counts, never, runningTarget } from '../running-target.ts';

const window = { start: at('2026-11-22T00:00:00Z'), end: at('2026-11-23T00:00:00Z') };

/** A target whose first window is published, a minute ago. */
async function publishedTarget(...given: Parameters<typeof runningTarget>) {
  const running = await runningTarget(...given);
  await running.calendar();
  running.pass({ minutes: 1 });
  const taskId = () => running.emulator.tasks().at(-1)?.id ?? '';
  const readRow = () => running.readRow(window, filtersDigest({}));
  return { ...running, taskId, readRow };
}

describe('a task that ended', () => {
  it('in SUCCESS makes its window confirmed, and is reported', async () => {
    const { calendar, readRow, clock, reported, taskId, messages } = await publishedTarget();
    const report = await calendar();
    expect(counts(report)).toMatchObject({ planned: 1, already_covered: 1, confirmed: 1 });
    const [message] = await messages();
    expect(await readRow()).toMatchObject({ state: 'confirmed', message, confirmedAt: clock(), attempt: 1 });
    expect(reported('window_confirmed')).toEqual([
      { type: 'window_confirmed', targetId: 'acme', window, taskId: taskId() },
    ]);
  });

  it('in FAIL is ordered again in the same run, as another attempt with another message id', async () => {
    const { calendar, readRow, reported, taskId, messages, emulator } = await publishedTarget();
    const first = taskId();
    emulator.failTask(first, 'the export is too busy', 'WKS.00211401');
    const report = await calendar();
    expect(report).toMatchObject({ planned: 1, published: 1, confirmed: 0, failed: [] });
    const message = 'Huawei accepted the export, and its task .* failed: the export is too busy.';
    expect(reported('task_failed')).toMatchObject([
      { window, taskId: first, attempt: 1, error: { message: expect.stringMatching(message) } },
    ]);
    expect(reported('window_failed')).toEqual([]);
    const sent = await messages();
    expect(sent.map(({ data }) => [data.attempt, data.reason])).toEqual([
      [1, 'routine'],
      [2, 'routine'],
    ]);
    expect(sent[1]?.id).not.toBe(sent[0]?.id);
    expect(sent[1]?.data.task_id).not.toBe(first);
    expect(await readRow()).toMatchObject({ state: 'published', attempt: 2, orphans: 0 });
  });

  it('in FAIL is ordered again by the sweep too', async () => {
    const { sweep, taskId, messages, emulator } = await publishedTarget();
    emulator.failTask(taskId(), 'busy');
    expect(await sweep()).toMatchObject({ planned: 1, published: 1, failed: [] });
    expect(await messages()).toHaveLength(2);
  });

  it('as EXPIRED, and nobody has its file, is ordered again', async () => {
    const { sweep, taskId, messages, reported, emulator } = await publishedTarget();
    emulator.expireTask(taskId());
    await sweep();
    expect(reported('task_failed')[0]?.error.message).toContain(
      'expired before anybody had downloaded its file',
    );
    expect((await messages()).map(({ data }) => data.attempt)).toEqual([1, 2]);
  });

  it.each(['SUCCESS', 'EXPIRED'])('as %s, and was downloaded, is found in the other list', async (status) => {
    const { sweep, readRow, taskId, listCalls, messages, emulator } = await publishedTarget();
    emulator.markDownloaded(taskId());
    if (status === 'EXPIRED') emulator.expireTask(taskId());
    expect(await sweep()).toMatchObject({ confirmed: 1, planned: 0 });
    expect((await readRow())?.state).toBe('confirmed');
    expect(listCalls().map(({ query }) => query['is_download'])).toEqual(['false', 'true']);
    expect(await messages()).toHaveLength(1);
  });
});

describe('a task that has not ended', () => {
  it('leaves its window published, and is asked about again', async () => {
    const { calendar, sweep, readRow, pass, coverage } = await publishedTarget(
      {},
      { taskCreatingSeconds: 3600 },
    );
    await calendar();
    expect((await readRow())?.state).toBe('published');
    expect(coverage()?.unconfirmed).toBe(1);
    expect(coverage()?.coveredUntil).toEqual(window.start);
    pass({ hours: 1 });
    expect(await sweep()).toMatchObject({ confirmed: 1 });
    expect(coverage()?.unconfirmed).toBe(0);
    expect(coverage()?.coveredUntil).toEqual(window.end);
  });

  it('and is in neither list leaves its window published, and nothing is ordered', async () => {
    const { calendar, pass, rows, save, listCalls, exportCalls, reported } = await publishedTarget();
    const gone = { start: window.end, end: window.end.add({ hours: 24 }) };
    const publishedAt = at('2026-11-24T00:35:03Z');
    const message = taskMessage('a-task-that-nobody-lists');
    await save(windowRow({ targetId: 'acme', window: gone }, { state: 'published', message, publishedAt }));
    pass({ hours: 24 });
    expect(await calendar()).toMatchObject({ confirmed: 1, planned: 1, already_covered: 1 });
    expect(listCalls().map(({ query }) => query['is_download'])).toEqual(['false', 'true']);
    expect(await rows()).toEqual(['11-22/11-23 confirmed', '11-23/11-24 published']);
    expect([exportCalls(), reported('tasks_unknown')]).toEqual([1, []]);
  });
});

describe('a window whose tasks all fail', () => {
  it('is failed for good after the last that was allowed, which is reported once', async () => {
    const { calendar, sweep, readRow, pass, taskId, reported, coverage, emulator, exportCalls } =
      await publishedTarget({
        max_attempts: 3,
      });
    for (const expected of [2, 3]) {
      emulator.failTask(taskId(), 'busy');
      expect(await calendar()).toMatchObject({ published: 1, failed: [] });
      expect(exportCalls()).toBe(expected);
      pass({ minutes: 1 });
    }
    emulator.failTask(taskId(), 'busy');
    const last = await sweep();
    expect(last).toMatchObject({ planned: 1, published: 0, failed: [{ kind: 'task_failed' }] });
    expect(() => orThrow({ targets: [last] })).toThrow('busy');
    expect(reported('window_failed')).toHaveLength(1);
    expect(reported('task_failed')).toMatchObject([{ attempt: 3 }]);
    expect(await readRow()).toMatchObject({ state: 'failed', attempt: 3, failure: { kind: 'task_failed' } });

    for (const again of [sweep, calendar, sweep]) {
      pass({ hours: 1 });
      expect(await again()).toMatchObject({ planned: 0, published: 0, already_covered: 0, failed: [] });
      expect([
        ...reported('window_failed'),
        ...reported('task_failed'),
        ...reported('window_deferred'),
      ]).toEqual([]);
      expect(coverage()?.hoursLeft).toBeLessThan(720);
    }
    expect(exportCalls()).toBe(3);
  });

  it('is left by sweeps for an hour after the second failure, and by no run', async () => {
    const { calendar, sweep, pass, taskId, emulator, exportCalls } = await publishedTarget();
    emulator.failTask(taskId(), 'busy');
    expect(await sweep()).toMatchObject({ published: 1 });
    pass({ minutes: 15 });
    emulator.failTask(taskId(), 'busy');
    for (const minutes of [0, 59, 0.5]) {
      pass({ seconds: minutes * 60 });
      expect(await sweep()).toMatchObject({ planned: 0, published: 0, failed: [] });
    }
    expect(exportCalls()).toBe(2);
    pass({ seconds: 30 });
    expect(await sweep()).toMatchObject({ published: 1 });
    pass({ minutes: 1 });
    emulator.failTask(taskId(), 'busy');
    expect(await calendar()).toMatchObject({ published: 1 });
  });

  it('is ordered again once more attempts are allowed', async () => {
    const { calendar, pass, taskId, emulator, messages } = await publishedTarget({ max_attempts: 1 });
    emulator.failTask(taskId(), 'busy');
    expect((await calendar()).failed).toHaveLength(1);
    pass({ hours: 1 });
    expect(await calendar({ max_attempts: 2 })).toMatchObject({ published: 1 });
    expect((await messages()).map(({ data }) => data.attempt)).toEqual([1, 2]);
  });

  it('is ordered once more when a person asks for it, and not by a run that does', async () => {
    const { sweep, targetWith, ports, taskId, emulator, messages, pass } = await publishedTarget({
      max_attempts: 1,
    });
    emulator.failTask(taskId(), 'busy');
    await sweep();
    const trigger = { kind: 'command', scheduled_time: '2026-11-23T00:36:00Z' } as const;
    const order = (reason: 'catch-up' | 'backfill') =>
      submitWindow(ports(), { target: targetWith(), window, reason, trigger }, never);
    expect(await order('catch-up')).toMatchObject({
      outcome: 'deferred',
      why: expect.stringContaining('raise max_attempts'),
    });
    expect(await order('backfill')).toEqual({ outcome: 'published' });
    expect((await messages()).map(({ data }) => data.attempt)).toEqual([1, 2]);
    emulator.failTask(taskId(), 'busy');
    pass({ minutes: 1 });
    expect(await sweep()).toMatchObject({ published: 0, failed: [{ kind: 'task_failed' }] });
  });

  it('does not count calls that never got through', async () => {
    const { sweep, pass, taskId, emulator, readRow } = await publishedTarget({ max_attempts: 2 });
    emulator.failTask(taskId(), 'busy');
    emulator.setScenario({ steps: [{ on: 'export', times: 3, effect: { type: 'forbidden' } }] });
    for (let run = 0; run < 3; run += 1) {
      expect((await sweep()).failed).toMatchObject([{ kind: 'refused' }]);
      expect(await readRow()).toMatchObject({ state: 'failed', attempt: 2 });
      pass({ hours: 1 });
    }
    expect(await sweep()).toMatchObject({ published: 1 });
    expect(await readRow()).toMatchObject({ state: 'published', attempt: 2 });
  });

  it('of another run is no reason to stop: the later ones are confirmed, and coverage waits', async () => {
    const { calendar, sweep, pass, rows, stored, emulator } = await publishedTarget({ max_attempts: 1 });
    pass({ hours: 72 });
    await calendar();
    // The current window was ordered first, that of the 24th last.
    emulator.failTask(emulator.tasks().at(-1)?.id ?? '', 'busy');
    pass({ hours: 1 });
    expect(await sweep()).toMatchObject({ confirmed: 2, failed: [{ kind: 'task_failed' }] });
    expect(await rows()).toEqual([
      '11-22/11-23 confirmed',
      '11-23/11-24 confirmed',
      '11-24/11-25 failed',
      '11-25/11-26 confirmed',
    ]);
    expect((await stored())?.coveredUntil).toEqual(at('2026-11-24T00:00:00Z'));
    await sweep({ max_attempts: 2 });
    pass({ hours: 1 });
    await sweep({ max_attempts: 2 });
    expect((await stored())?.coveredUntil).toEqual(at('2026-11-26T00:00:00Z'));
  });
});

describe('a list that cannot be had', () => {
  it.each([
    ['without the permission', { type: 'forbidden' }, 'refused'],
    ['while Huawei is down', { type: 'status', status: 503 }, 'unavailable'],
    ['when it is not what is documented', { type: 'wrong_json' }, 'malformed_reply'],
  ] as const)('%s leaves the windows published, says so, and the run goes on', async (_, effect, kind) => {
    const { calendar, pass, rows, reported, coverage, emulator, stored } = await publishedTarget();
    pass({ hours: 24 });
    emulator.setScenario({ steps: [{ on: 'tasks', times: 'always', effect }] });
    const report = await calendar();
    expect(report).toMatchObject({ planned: 1, published: 1, confirmed: 0, failed: [] });
    expect(orThrow({ targets: [report] }).targets).toEqual([report]);
    expect(reported('tasks_unknown')).toMatchObject([{ targetId: 'acme', windows: 1, error: { kind } }]);
    expect(await rows()).toEqual(['11-22/11-23 published', '11-23/11-24 published']);
    expect(coverage()).toMatchObject({ unconfirmed: 2, hoursLeft: 720 });
    expect((await stored())?.coveredUntil).toEqual(window.start);
    emulator.setScenario({ steps: [] });
    pass({ hours: 1 });
    expect(await calendar()).toMatchObject({ confirmed: 2, already_covered: 1 });
  });

  it('is reported with how many windows nobody confirms', async () => {
    const { sweep, reported, emulator } = await publishedTarget({ start_at: '2026-11-20T00:00:00Z' });
    emulator.setScenario({ steps: [{ on: 'tasks', effect: { type: 'forbidden' } }] });
    await sweep();
    expect(reported('tasks_unknown')).toMatchObject([{ windows: 3 }]);
  });

  it('to its end is believed as far as it came', async () => {
    const { sweep, pass, rows, reported, emulator } = await publishedTarget({
      start_at: '2026-11-21T00:00:00Z',
    });
    pass({ hours: 1 });
    const ofThe21st = emulator.tasks().at(-1);
    emulator.markDownloaded(ofThe21st?.id ?? '');
    const broken = { on: 'tasks', times: 'always', effect: { type: 'status', status: 503 } } as const;
    emulator.setScenario({ steps: [{ on: 'tasks', effect: { type: 'pass' } }, broken] });
    expect(await sweep()).toMatchObject({ confirmed: 1, failed: [] });
    expect(reported('tasks_unknown')).toMatchObject([{ windows: 1, error: { kind: 'unavailable' } }]);
    expect(await rows()).toEqual(['11-21/11-22 published', '11-22/11-23 confirmed']);
  });

  it('in time does not keep the exports waiting', async () => {
    const { calendar, pass, reported, emulator } = await publishedTarget();
    pass({ hours: 24 });
    emulator.setScenario({ steps: [{ on: 'tasks', effect: { type: 'slow', milliseconds: 60_000 } }] });
    const realTime = AbortSignal.timeout.bind(AbortSignal);
    const faster = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => realTime(ms / 1_000));
    onTestFinished(() => faster.mockRestore());
    expect(await calendar()).toMatchObject({ published: 1, confirmed: 0, failed: [] });
    expect(reported('tasks_unknown')).toMatchObject([
      {
        windows: 1,
        error: {
          kind: 'unavailable',
          message:
            "Huawei's list of export tasks was abandoned after 0 pages, which did not end it in 60 seconds.",
        },
      },
    ]);
  });

  it('is not asked for when nothing is published, nor when the time is over', async () => {
    const { calendar, sweep, listCalls, ports, pass, reported } = await publishedTarget();
    const inTime = ports();
    const over = new AbortController();
    const list: typeof inTime.ledger.list = (...given) => {
      over.abort();
      return inTime.ledger.list(...given);
    };
    await sweep({ ports: { ...inTime, ledger: { ...inTime.ledger, list } }, signal: over.signal });
    expect(listCalls()).toEqual([]);
    expect(reported('tasks_unknown')).toEqual([]);
    await calendar();
    expect(listCalls()).toHaveLength(1);
    pass({ hours: 1 });
    await calendar();
    await sweep();
    expect(listCalls()).toHaveLength(1);
  });

  it.each([
    ['that answered is no outage', {}, { isAnswered: true }],
    ['that refused is no outage', { type: 'forbidden' }, { isAnswered: true }],
    [
      'that is down is one',
      { type: 'status', status: 503 },
      { isAnswered: false, outage: { kind: 'unavailable' } },
    ],
  ] as const)('%s', async (_, effect, expected) => {
    const { ports, targetWith, entries, emulator } = await publishedTarget();
    const steps = 'type' in effect ? [{ on: 'tasks', times: 'always', effect } as const] : [];
    emulator.setScenario({ steps });
    const found = await confirmTasks(ports(), { target: targetWith(), entries: await entries() }, never);
    expect(found).toMatchObject(expected);
    expect(Object.keys(found)).toHaveLength('outage' in expected ? 4 : 3);
  });

  it('neither answers nor is down where nobody asked it in time', async () => {
    const { ports, targetWith, entries } = await publishedTarget();
    const stale = await entries();
    const asked = confirmTasks(ports(), { target: targetWith(), entries: stale }, AbortSignal.abort());
    expect(await asked).toEqual({ entries: stale, verdicts: [], isAnswered: false });
  });
});

describe('other tasks of the list', () => {
  it('are never taken for ours, even where they ask for the same', async () => {
    const { calendar, ports, passLease, emulator, messages } = await runningTarget();
    const { died, ports: mortal } = mortalPorts(ports(), { when: 'after', call: 'api.submit', nth: 1 });
    void calendar({ ports: mortal });
    await died;
    passLease();
    const report = await calendar();
    expect(report).toMatchObject({ published: 1, confirmed: 0 });
    const [orphan, ours] = emulator.tasks();
    expect(orphan?.query).toEqual(ours?.query);
    expect((await messages()).map(({ data }) => data.task_id)).toEqual([ours?.id]);
    emulator.failTask(orphan?.id ?? '', 'busy');
    passLease();
    expect(await calendar()).toMatchObject({ confirmed: 1, published: 0 });
    expect(emulator.tasks()).toHaveLength(2);
  });
});

describe('many tasks', () => {
  it('more than a page holds are all confirmed, a page permanentlyy hundred', async () => {
    const { calendar, sweep, pass, listCalls, rows, stored } = await runningTarget({
      window: { every: 'PT1H' },
      start_at: '2026-11-18T00:00:00Z',
    });
    expect(await calendar()).toMatchObject({ published: 120 });
    pass({ minutes: 1 });
    expect(await sweep()).toMatchObject({ confirmed: 120 });
    expect(listCalls().map(({ query }) => [query['offset'], query['is_download']])).toEqual([
      ['0', 'false'],
      ['100', 'false'],
    ]);
    expect((await rows()).every((row) => row.endsWith(' confirmed'))).toBe(true);
    expect((await stored())?.coveredUntil).toEqual(at('2026-11-23T00:00:00Z'));
  });

  it('older than what is looked for are not read through', async () => {
    const { calendar, sweep, pass, ports, targetWith, listCalls, save } = await runningTarget();
    const span = { start: window.start, end: window.start.add({ hours: 1 }) };
    const { api } = ports();
    pass({ hours: -10 });
    for (let task = 0; task < 120; task += 1) await api.submit(targetWith(), { span, filters: {} }, never);
    pass({ hours: 10 });
    await calendar();
    const gone = { start: window.end, end: window.end.add({ minutes: 30 }) };
    const publishedAt = at('2026-11-23T00:35:03Z');
    await save(
      windowRow(
        { targetId: 'acme', window: gone },
        { state: 'published', message: taskMessage(), publishedAt },
      ),
    );
    pass({ minutes: 1 });
    expect(await sweep()).toMatchObject({ confirmed: 1 });
    expect(listCalls().map(({ query }) => [query['offset'], query['is_download']])).toEqual([
      ['0', 'false'],
      ['0', 'true'],
    ]);
  });
});

describe('runs at once', () => {
  it('record and report what became of a task once', async () => {
    const { sweep, calendar, stored, rows } = await publishedTarget();
    const reports = await Promise.all([sweep(), calendar(), sweep()]);
    expect(reports.map(({ confirmed }) => confirmed).sort()).toEqual([0, 0, 1]);
    expect(await rows()).toEqual(['11-22/11-23 confirmed']);
    expect((await stored())?.coveredUntil).toEqual(window.end);
  });

  it('order the next attempt once', async () => {
    const { sweep, taskId, emulator, exportCalls, messages } = await publishedTarget();
    emulator.failTask(taskId(), 'busy');
    await Promise.all([sweep(), sweep()]);
    expect(exportCalls()).toBe(2);
    expect((await messages()).map(({ data }) => data.attempt)).toEqual([1, 2]);
  });

  it('of which one is quicker by a write leave it to that one', async () => {
    const { sweep, ports, targetWith, entries, rows, reported } = await publishedTarget();
    const slow = ports();
    const save: typeof slow.ledger.save = async (row) => {
      await sweep();
      return slow.ledger.save(row);
    };
    const stale = await entries();
    const slower = { ...slow, ledger: { ...slow.ledger, save } };
    expect(await confirmTasks(slower, { target: targetWith(), entries: stale }, never)).toEqual({
      entries: stale,
      verdicts: [],
      isAnswered: true,
    });
    expect(reported('window_confirmed')).toHaveLength(1);
    expect(await rows()).toEqual(['11-22/11-23 confirmed']);
  });

  it('of which one looked long ago leave the next attempt alone', async () => {
    const { sweep, ports, targetWith, entries, taskId, emulator, readRow, pass } = await publishedTarget();
    const stale = await entries();
    emulator.failTask(taskId(), 'busy');
    await sweep();
    pass({ minutes: 1 });
    const before = await readRow();
    const { entries: now, verdicts } = await confirmTasks(
      ports(),
      { target: targetWith(), entries: stale },
      never,
    );
    expect(await readRow()).toEqual(before);
    expect(verdicts).toEqual([]);
    expect(now).toMatchObject([{ state: 'published', attempt: 2, taskId: taskId() }]);
  });
});

it('a healthy target reads a handful of rows, and those of 30 days once when it orders and once when it confirms', async () => {
  const { calendar, sweep, pass, ports, rows, stored, clock } = await runningTarget();
  const inner = ports();
  const read: { hours: number; rows: number }[] = [];
  const list: typeof inner.ledger.list = async (targetId, after) => {
    const found = await inner.ledger.list(targetId, after);
    read.push({ hours: after.until(clock()).total('hours'), rows: found.length });
    return found;
  };
  const counting = { ...inner, ledger: { ...inner.ledger, list } };
  for (let day = 0; day < 40; day += 1) {
    await calendar({ ports: counting });
    pass({ hours: 1 });
    await sweep({ ports: counting });
    pass({ hours: 23 });
  }
  expect(await rows()).toHaveLength(40);
  expect((await stored())?.coveredUntil).toEqual(at('2027-01-01T00:00:00Z'));
  // The first run lists all windows, because the target has no row; that listing serves its order, too.
  const ofThirtyDays = read.filter(({ hours }) => hours === 30 * 24);
  const others = read.filter(({ hours }) => hours !== 30 * 24);
  expect([ofThirtyDays.length, Math.max(...ofThirtyDays.map((one) => one.rows))]).toEqual([80, 30]);
  expect(Math.max(...others.map((one) => one.rows))).toBe(1);
});

it('the export of an alert is confirmed as well, but one that failed is no gap', async () => {
  const { sweep, pass, ports, targetWith, save, rows, emulator } = await publishedTarget();
  const span = { start: at('2026-11-22T10:00:00Z'), end: at('2026-11-23T00:20:00Z') };
  for (const [index, filters] of [{ user_name: 'a' }, { user_name: 'b' }].entries()) {
    const task = await ports().api.submit(targetWith(), { span, filters }, never);
    const message = taskMessage(task.taskId);
    const state = { state: 'published', message, publishedAt: task.acceptedAt } as const;
    await save(numberedRow(index + 1, { targetId: 'acme', window: span, filters }, state));
    if (filters.user_name === 'b') emulator.failTask(task.taskId, 'busy');
  }
  pass({ minutes: 1 });
  // A request that waits for it is open for a day, and orders it again.
  expect(await sweep()).toMatchObject({ confirmed: 2, published: 0, failed: [] });
  expect((await rows()).sort()).toEqual([
    '11-22/11-23 confirmed',
    '11-22T10:00/11-23T00:20 confirmed',
    '11-22T10:00/11-23T00:20 failed',
  ]);
});
