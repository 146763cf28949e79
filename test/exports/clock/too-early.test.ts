import { describe, expect, it } from 'vitest';
import type { ExportTask } from '../../../lib/domain/exports/export-task.ts';
import { TooEarlyError } from '../../../lib/domain/exports/task-errors.ts';
import type { ScenarioInput } from '../../../lib/emulator/scenarios/scenario.ts';
import { checkedCreation } from '../../../lib/exports/confirmation/verdict.ts';
import { at, wrongClock } from './wrong-clock.ts';

// Exported before they were over: by a clock of ours that nobody could check, or by whoever wrote the rows.

const HOURLY = { window: { every: 'PT1H', delay: 'PT0S' } };
const NO_DATE: ScenarioInput = { steps: [], dates: { iam: 'none', export: 'none', tasks: 'none' } };

describe('a window that was ordered three minutes before its end, because no host says the time and ours is ahead', () => {
  it.each(['run', 'backfill'] as const)(
    'by a %s is found by the creation of its task, and exported again',
    async (by) => {
      const { time, machine, emulator, run, fill, pass, messages, reported } = await wrongClock({
        settings: HOURLY,
      });
      await run();
      time.now = at('2026-11-23T11:57:00Z');
      machine.aheadSeconds = 100 * 60;
      emulator.setScenario(NO_DATE);
      if (by === 'run') await run({ at: '2026-11-23T12:00:00Z' });
      else await fill('2026-11-23T11:00:00Z', '2026-11-23T12:00:00Z');
      const early = emulator
        .tasks()
        .filter(({ query }) => query.end === at('2026-11-23T12:00:00Z').epochMilliseconds);
      expect(early.map(({ createdAt }) => createdAt)).toEqual([at('2026-11-23T11:57:00Z').epochMilliseconds]);
      emulator.setScenario({ steps: [] });
      machine.aheadSeconds = 0;
      time.now = at('2026-11-23T12:30:00Z');
      await run();
      expect(reported('task_failed')).toMatchObject([{ error: { kind: 'too_early' }, attempt: 1 }]);
      const of = (await messages()).filter(({ subject }) => subject.startsWith('2026-11-23T11:00:00Z'));
      expect(of.map(({ data }) => data.attempt)).toEqual([1, 2]);
      expect(new Set(of.map(({ id }) => id)).size).toBe(2);
      pass({ minutes: 10 });
      expect(await run()).toMatchObject({ failed: [], lost: [] });
    },
  );
});

describe('a window that is confirmed although it is not over yet', () => {
  it.each([5, 1])(
    'is exported when it is due, also where %i task is all that is allowed',
    async (max_attempts) => {
      const { ledger, run, stored, rows, reported, time, published, messages } = await wrongClock({
        settings: { max_attempts },
      });
      await run();
      time.now = at('2026-11-23T01:00:00Z');
      await run();
      const [entry] = await ledger.list('acme', at('2026-01-01T00:00:00Z'));
      const done = entry && (await ledger.find(entry));
      if (done?.state !== 'confirmed') throw new Error('the first night is confirmed');
      const next = { start: at('2026-11-23T00:00:00Z'), end: at('2026-11-24T00:00:00Z') };
      const { message } = done;
      const early = {
        ...message,
        id: 'f'.repeat(32),
        data: { ...message.data, window: { start: next.start.toString(), end: next.end.toString() } },
      };
      await ledger.save({ ...done, window: next, message: early, version: 1, writeId: 'early' });
      const targetRow = await stored();
      if (!targetRow) throw new Error('the target has a row');
      await ledger.saveTarget({
        ...targetRow,
        coveredUntil: next.end,
        version: targetRow.version + 1,
        writeId: 'ahead',
      });
      expect(await run()).toMatchObject({ published: 0, failed: [] });
      expect(reported('coverage_reset')).toHaveLength(1);
      expect(await rows()).toContain('11-23/11-24 failed');
      time.now = at('2026-11-24T00:35:00Z');
      expect(await run()).toMatchObject({ published: 1, failed: [], lost: [] });
      expect(await published()).toEqual(['11-22/11-23', '11-23/11-24']);
      expect((await messages()).at(-1)?.data.attempt).toBe(2);
    },
  );
});

it.each([
  ['ordered by the time of Huawei is believed', [false, undefined, true], 'succeeded'],
  ['made after its window was over is believed', [true, '2026-11-23T12:00:00Z', true], 'succeeded'],
  ['made before that is not', [true, '2026-11-23T11:59:59Z', true], 'too_early'],
  ['made nobody says when is left open while nobody knows the time', [true, undefined, false], undefined],
  [
    'made nobody says when is not believed by a run that knows the time',
    [true, undefined, true],
    'too_early',
  ],
] as const)('a finished task that was %s', (_, [isUnverified, createdAt, isTimeKnown], expected) => {
  const window = { start: at('2026-11-23T11:00:00Z'), end: at('2026-11-23T12:00:00Z') };
  const task: ExportTask = {
    taskId: 'aa11',
    status: 'SUCCESS',
    isDownloaded: false,
    ...(createdAt === undefined ? {} : { createdAt: at(createdAt) }),
  };
  const verdict = checkedCreation({ isUnverified, window }, task, isTimeKnown);
  expect(verdict instanceof TooEarlyError ? verdict.kind : verdict).toBe(expected);
});
