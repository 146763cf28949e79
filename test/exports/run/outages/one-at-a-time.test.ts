import { describe, expect, it } from 'vitest';
import { RefusedError } from '../../../../lib/domain/errors.ts';
import type { ExportTaskStatus } from '../../../../lib/domain/exports/export-task.ts';
import { untilNoTaskRuns } from '../../../../lib/exports/vendor/wait-until-free.ts';
import { runJobs } from '../../../../lib/exports/window/jobs.ts';
import { BUSY } from '../../../../lib/exports/window/outcome.ts';
import { targetAt } from '../../../support/huawei/start-huawei.ts';
import { at, never } from '../../running-target.ts';

// Of lib/exports/scheduled: work-through.ts as well.

const TASK = { taskId: 'task-1', isDownloaded: false };

/** Asks until no task runs, of a list that says this, one reply after the other; the last one permanently. */
async function ask(...replies: (ExportTaskStatus[] | Error)[]) {
  const waits: number[] = [];
  const listTasks = () => {
    const reply = replies[Math.min(waits.length, replies.length) - 1] ?? [];
    if (reply instanceof Error) return Promise.reject(reply);
    return Promise.resolve({ tasks: reply.map((status) => ({ ...TASK, status })), total: reply.length });
  };
  const wait = async (milliseconds: number) => void waits.push(milliseconds);
  const isFree = await untilNoTaskRuns({ api: { listTasks }, wait }, targetAt('http://127.0.0.1:1'), never);
  return { isFree, waits };
}

describe('the project whose export was put off', () => {
  it('is looked at every ten seconds until none of its tasks runs', async () => {
    const found = await ask(['CREATING', 'SUCCESS'], ['SUCCESS', 'CREATING'], ['SUCCESS', 'FAIL']);
    expect(found).toEqual({ isFree: true, waits: [10_000, 10_000, 10_000] });
  });

  it('is left to the sweeps after ten minutes, because one Lambda invocation has fifteen', async () => {
    const { isFree, waits } = await ask(['CREATING']);
    expect(isFree).toBe(false);
    expect(waits).toEqual(new Array(60).fill(10_000));
  });

  it('is left to them at once where the list may not be asked, and what is wrong with us is thrown', async () => {
    expect(await ask(new RefusedError('no'))).toEqual({ isFree: false, waits: [10_000] });
    await expect(ask(new TypeError('an issue of ours'))).rejects.toThrow('an issue of ours');
  });

  it('is tried three times more: free by the list and busy all the same is no state that ends by asking', async () => {
    const start = at('2026-11-22T00:00:00Z');
    let tries = 0;
    const work = async () => {
      tries += 1;
      return BUSY;
    };
    const jobs = [{ window: { start, end: start.add({ hours: 1 }) }, work }];
    const ports = { observe: () => undefined } as unknown as Parameters<typeof runJobs>[0];
    const untilFree = async () => tries < 10;
    await runJobs(ports, 'acme', jobs, { signal: never, untilFree });
    expect(tries).toBe(4);
  });
});
