import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { InterruptedError } from '../../../lib/domain/errors.ts';
import { taskSubmitted } from '../../../lib/domain/exports/message.ts';
import { filtersDigest } from '../../../lib/domain/ledger/window-row.ts';
import { newestDueWindow } from '../../../lib/domain/time/windows.ts';
import { submitWindow } from '../../../lib/exports/window/export-window.ts';
import type { WindowInput } from '../../../lib/exports/window/input.ts';
import { LEASE } from '../../../lib/exports/window/transitions.ts';
import type { ExportApi } from '../../../lib/ports.ts';
import { PASSWORD, targetAt } from '../../support/huawei/start-huawei.ts';
import { type Death, mortalPorts } from '../../support/runs/killed-run.ts';
import { localPorts } from '../../support/runs/local-ports.ts';

const never = new AbortController().signal;

async function setUp(...options: Parameters<typeof localPorts>) {
  const local = await localPorts(...options);
  const window = newestDueWindow(local.target.window, local.clock());
  const trigger = { kind: 'schedule', scheduled_time: local.clock().toString() } as const;
  const input: WindowInput = { target: local.target, window, reason: 'routine', trigger };
  const key = {
    targetId: input.target.id,
    window,
    filtersDigest: filtersDigest({}),
    series: 'calendar',
  } as const;
  const submit = () => submitWindow(local.ports(), input, never);
  const state = () => local.ports().ledger.find(key);
  const messages = async () => (await local.ports().queue.waiting()).map(({ message }) => message);
  const afterTheLease = () => {
    local.time.now = local.time.now.add(LEASE).add({ seconds: 1 });
  };
  return { ...local, input, submit, state, messages, afterTheLease };
}

describe('a window that nobody has touched', () => {
  it('is exported, published and noted', async () => {
    const { submit, state, messages, emulator, events } = await setUp();
    expect(await submit()).toEqual({ outcome: 'published' });
    const [message] = await messages();
    expect(message).toMatchObject({
      source: 'workspace-login-export/acme',
      subject: '2026-11-22T00:00:00Z/2026-11-23T00:00:00Z',
      time: '2026-11-23T00:35:00Z',
      data: {
        task_id: emulator.tasks()[0]?.id,
        window: { start: '2026-11-22T00:00:00Z', end: '2026-11-23T00:00:00Z' },
        request: {
          login_start_time: '2026-11-22T00:00:00Z',
          login_end_time: '2026-11-23T00:00:00Z',
          filters: {},
        },
        reason: 'routine',
        attempt: 1,
        retention_deadline: '2026-12-22T00:00:00Z',
      },
    });
    expect(taskSubmitted.parse(message)).toEqual(message);
    expect(await state()).toMatchObject({ state: 'published', message, attempt: 1 });
    expect(events.map(({ type }) => type)).toEqual(['window_accepted', 'window_published']);
  });

  it('is asked for with its overlap before its start', async () => {
    const { ports, origin, input, messages } = await setUp();
    const target = targetAt(origin, { window: { overlap: 'PT5M' } });
    await submitWindow(ports(), { ...input, target }, never);
    const [message] = await messages();
    expect(message?.data.request.login_start_time).toBe('2026-11-21T23:55:00Z');
    expect(message?.data.window.start).toBe('2026-11-22T00:00:00Z');
  });

  it('that does not end on a second is asked for whole, and its message says with which times', async () => {
    const { ports, input, messages, emulator } = await setUp();
    const window = {
      start: Temporal.Instant.from('2026-11-22T07:50:00.250Z'),
      end: Temporal.Instant.from('2026-11-22T10:00:00.750Z'),
    };
    await submitWindow(ports(), { ...input, window }, never);
    const [message] = await messages();
    expect(message?.data.window).toEqual({
      start: '2026-11-22T07:50:00.25Z',
      end: '2026-11-22T10:00:00.75Z',
    });
    const times = { login_start_time: '2026-11-22T07:50:00Z', login_end_time: '2026-11-22T10:00:01Z' };
    expect(message?.data.request).toEqual({ ...times, filters: {} });
    expect(emulator.tasks()[0]?.query).toMatchObject({
      start: Date.parse(times.login_start_time),
      end: Date.parse(times.login_end_time),
    });
  });

  it('is exported once when two runs want it at the same moment', async () => {
    const { submit, messages, emulator } = await setUp();
    const outcomes = await Promise.all([submit(), submit(), submit()]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['deferred', 'deferred', 'published']);
    expect(emulator.tasks()).toHaveLength(1);
    expect(await messages()).toHaveLength(1);
  });
});

it('a window that is published is not exported again', async () => {
  const { submit, messages, emulator } = await setUp();
  await submit();
  expect(await submit()).toEqual({ outcome: 'covered' });
  expect(emulator.tasks()).toHaveLength(1);
  expect(await messages()).toHaveLength(1);
});

describe('a run that dies', () => {
  type Row = { death: Death; left: string | undefined; waits: boolean; tasks: number; messages: number };
  const rows: Row[] = [
    {
      death: { when: 'after', call: 'ledger.find', nth: 1 },
      left: undefined,
      waits: false,
      tasks: 1,
      messages: 1,
    },
    {
      death: { when: 'before', call: 'ledger.save', nth: 1 },
      left: undefined,
      waits: false,
      tasks: 1,
      messages: 1,
    },
    {
      death: { when: 'after', call: 'ledger.save', nth: 1 },
      left: 'claimed',
      waits: true,
      tasks: 1,
      messages: 1,
    },
    {
      death: { when: 'before', call: 'api.submit', nth: 1 },
      left: 'claimed',
      waits: true,
      tasks: 1,
      messages: 1,
    },
    {
      death: { when: 'after', call: 'api.submit', nth: 1 },
      left: 'claimed',
      waits: true,
      tasks: 2,
      messages: 1,
    },
    {
      death: { when: 'before', call: 'ledger.save', nth: 2 },
      left: 'claimed',
      waits: true,
      tasks: 2,
      messages: 1,
    },
    {
      death: { when: 'after', call: 'ledger.save', nth: 2 },
      left: 'submitted',
      waits: true,
      tasks: 1,
      messages: 1,
    },
    {
      death: { when: 'before', call: 'queue.publish', nth: 1 },
      left: 'submitted',
      waits: true,
      tasks: 1,
      messages: 1,
    },
    {
      death: { when: 'after', call: 'queue.publish', nth: 1 },
      left: 'submitted',
      waits: true,
      tasks: 1,
      messages: 2,
    },
    {
      death: { when: 'before', call: 'ledger.save', nth: 3 },
      left: 'submitted',
      waits: true,
      tasks: 1,
      messages: 2,
    },
    {
      death: { when: 'after', call: 'ledger.save', nth: 3 },
      left: 'published',
      waits: false,
      tasks: 1,
      messages: 1,
    },
  ];

  it.each(rows)('$death.when call $death.nth of $death.call leaves no gap', async (row) => {
    const { ports, input, submit, state, messages, emulator, afterTheLease } = await setUp();
    const mortal = mortalPorts(ports(), row.death);
    void submitWindow(mortal.ports, input, never);
    await mortal.died;
    expect((await state())?.state).toBe(row.left);

    if (row.waits) {
      expect(await submit()).toMatchObject({ outcome: 'deferred' });
      afterTheLease();
    }
    await submit();
    expect((await state())?.state).toBe('published');
    expect(emulator.tasks()).toHaveLength(row.tasks);
    const sent = await messages();
    expect(sent).toHaveLength(row.messages);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    expect(new Set(sent.map(({ data }) => data.task_id)).size).toBe(1);
  });
});

it('a run that wakes up after it was overtaken publishes nothing and writes nothing', async () => {
  const { ports, input, submit, state, messages, afterTheLease } = await setUp();
  let wake: () => void = () => undefined;
  const asleep = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const slow = ports();
  const sleepingApi: ExportApi = {
    ...slow.api,
    submit: async (...demanded) => {
      const accepted = await slow.api.submit(...demanded);
      await asleep;
      return accepted;
    },
  };
  const sleeper = submitWindow({ ...slow, api: sleepingApi }, input, never);
  while ((await state())?.state !== 'claimed') await new Promise((resolve) => setImmediate(resolve));
  afterTheLease();
  await submit();
  const before = JSON.stringify(await state());
  wake();
  expect(await sleeper).toMatchObject({ outcome: 'deferred' });
  expect(JSON.stringify(await state())).toBe(before);
  expect(await messages()).toHaveLength(1);
});

it('a message that a dead run left is sent by one of two runs that take it over together', async () => {
  const { ports, input, submit, messages, afterTheLease } = await setUp();
  const mortal = mortalPorts(ports(), { when: 'before', call: 'queue.publish', nth: 1 });
  void submitWindow(mortal.ports, input, never);
  await mortal.died;
  afterTheLease();
  const outcomes = await Promise.all([submit(), submit()]);
  expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['deferred', 'published']);
  expect(await messages()).toHaveLength(1);
});

describe('a window that fails', () => {
  it('is free at once, keeps its reason and says what happened', async () => {
    const { submit, state, messages } = await setUp({
      scenario: { steps: [{ on: 'export', effect: { type: 'forbidden' } }] },
    });
    expect(await submit()).toMatchObject({ outcome: 'failed', error: { kind: 'refused' } });
    expect(await state()).toMatchObject({
      state: 'failed',
      failure: { kind: 'refused', vendorCode: 'PAP5.0001', requestId: expect.any(String) },
    });
    expect(await submit()).toEqual({ outcome: 'published' });
    expect(await messages()).toMatchObject([{ data: { attempt: 1, reason: 'routine' } }]);
  });

  it('because of its secret says so and can be fixed', async () => {
    const { submit, state, secretsPath } = await setUp({}, {});
    expect(await submit()).toMatchObject({ outcome: 'failed', error: { kind: 'input' } });
    expect(await state()).toMatchObject({ state: 'failed' });
    writeFileSync(secretsPath, JSON.stringify({ 'huawei/acme': PASSWORD }), { mode: 0o600 });
    expect(await submit()).toEqual({ outcome: 'published' });
  });

  it('at the queue keeps its task, and the next run publishes that one', async () => {
    const { ports, input, submit, state, messages, emulator, folder } = await setUp();
    const broken = ports();
    const database = new DatabaseSync(join(folder, 'state.sqlite'));
    database.exec('ALTER TABLE messages RENAME TO elsewhere');
    expect(await submitWindow(broken, input, never)).toMatchObject({
      outcome: 'failed',
      error: { kind: 'infrastructure' },
    });
    expect(await state()).toMatchObject({ state: 'submitted', failure: { kind: 'infrastructure' } });
    database.exec('DROP TABLE messages; ALTER TABLE elsewhere RENAME TO messages');
    database.close();
    expect(await submit()).toEqual({ outcome: 'published' });
    expect(emulator.tasks()).toHaveLength(1);
    expect(await messages()).toMatchObject([{ data: { task_id: emulator.tasks()[0]?.id } }]);
  });

  it('because the run is over is not started, and left', async () => {
    const { ports, input, emulator, state } = await setUp();
    expect(await submitWindow(ports(), input, AbortSignal.abort())).toMatchObject({ outcome: 'deferred' });
    expect(await state()).toBeUndefined();
    expect(emulator.requests()).toHaveLength(0);
  });

  it('says so too when the ledger cannot be written', async () => {
    const { ports, input, folder } = await setUp({
      scenario: { steps: [{ on: 'export', effect: { type: 'forbidden' } }] },
    });
    const broken = ports();
    const api: ExportApi = {
      ...broken.api,
      submit: async (...demanded) => {
        const database = new DatabaseSync(join(folder, 'state.sqlite'));
        database.exec('DROP TABLE windows');
        database.close();
        return broken.api.submit(...demanded);
      },
    };
    const outcome = await submitWindow({ ...broken, api }, input, never);
    const message = expect.stringMatching(
      /exportUserConnection.* And the ledger could not be written: .*no such table/s,
    );
    expect(outcome).toEqual({ outcome: 'failed', error: expect.objectContaining({ message }) });
  });

  it('because its call would outlive the lease is ended before', async () => {
    const { ports, input, state } = await setUp();
    const realTime = AbortSignal.timeout.bind(AbortSignal);
    const faster = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => realTime(ms / 10_000));
    onTestFinished(() => faster.mockRestore());
    const endless: ExportApi = {
      ...ports().api,
      submit: async (_target, _request, signal) => {
        await wait(2_000, undefined, { signal }).catch(() => undefined);
        throw new InterruptedError(signal.aborted ? 'Stopped in time.' : 'Never stopped.');
      },
    };
    expect(await submitWindow({ ...ports(), api: endless }, input, never)).toMatchObject({
      outcome: 'failed',
      error: { message: 'Stopped in time.' },
    });
    expect(await state()).toMatchObject({ state: 'failed', failure: { kind: 'interrupted' } });
    // Half a minute before the lease of six minutes is over: then another run may order the window.
    expect(faster).toHaveBeenCalledWith(330_000);
  });

  it('because the run is stopped while it logs in leaves no task behind, and the next export counts no orphan', async () => {
    const { ports, input, state, submit, emulator } = await setUp();
    emulator.setScenario({ steps: [{ on: 'token', effect: { type: 'slow', milliseconds: 5_000 } }] });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    expect(await submitWindow(ports(), input, stop.signal)).toEqual({
      outcome: 'deferred',
      why: 'it was interrupted',
    });
    expect(await state()).toMatchObject({
      state: 'failed',
      failure: {
        kind: 'unavailable',
        message: expect.stringMatching(
          /^Stopped before POST .*\/v3\/auth\/tokens was answered\. No export was ordered: the login was not done\.$/,
        ),
      },
    });
    expect(await submit()).toEqual({ outcome: 'published' });
    expect(await state()).toMatchObject({ state: 'published', orphans: 0, attempt: 1 });
    expect(emulator.tasks()).toHaveLength(1);
  });

  it('because the run is stopped in the call may leave a task behind, and the next export counts an orphan', async () => {
    const { ports, input, state, submit, emulator } = await setUp();
    emulator.setScenario({ steps: [{ on: 'export', effect: { type: 'slow', milliseconds: 5_000 } }] });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 500);
    await submitWindow(ports(), input, stop.signal);
    expect(await state()).toMatchObject({ state: 'failed', failure: { kind: 'interrupted' } });
    await submit();
    expect(await state()).toMatchObject({ state: 'published', orphans: 1 });
  });

  it('because the ledger is gone orders nothing', async () => {
    const { ports, input, emulator, folder } = await setUp();
    const broken = ports();
    const database = new DatabaseSync(join(folder, 'state.sqlite'));
    database.exec('DROP TABLE windows');
    database.close();
    expect(await submitWindow(broken, input, never)).toMatchObject({
      outcome: 'failed',
      error: { kind: 'infrastructure' },
    });
    expect(emulator.requests()).toHaveLength(0);
  });
});

it('the same window at another time and from another run gives the same message id', async () => {
  const ids = await Promise.all(
    ['2026-11-23T00:35:00Z', '2026-11-23T17:00:00Z'].map(async (start) => {
      const { submit, messages, time } = await setUp();
      time.now = Temporal.Instant.from(start);
      await submit();
      return (await messages())[0]?.id;
    }),
  );
  expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(ids[1]).toBe(ids[0]);
});
