import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../lib/domain/errors.ts';
import type { ExportTask } from '../../../lib/domain/exports/export-task.ts';
import { entryOf } from '../../../lib/domain/ledger/window-row.ts';
import { createTaskSearch, findTasks } from '../../../lib/exports/confirmation/find-tasks.ts';
import type { ExportApi, TaskPageOptions } from '../../../lib/ports.ts';
import { targetAt } from '../../support/huawei/start-huawei.ts';
import { windowRow } from '../../support/ledger/window-rows.ts';
import { at, never } from '../running-target.ts';

const NOTHING_IS_ORDERED = {
  projectOf: () => Promise.reject(new Error('Nothing is ordered here.')),
  submit: () => Promise.reject(new Error('Nothing is ordered here.')),
};

const target = targetAt('http://127.0.0.1:9');
const end = at('2026-11-23T00:00:00Z');

const task = (taskId: string, minutesAfterEnd?: number): ExportTask => ({
  taskId,
  status: 'SUCCESS',
  isDownloaded: false,
  ...(minutesAfterEnd === undefined ? {} : { createdAt: end.add({ minutes: minutesAfterEnd }) }),
});

const wanted = (...ids: string[]) =>
  ids.map((taskId, index) => {
    const later = { start: end.subtract({ hours: 24 }), end: end.add({ hours: 24 * index }) };
    return { ...entryOf(windowRow({ window: later })), taskId };
  });

/** Looks for tasks in lists that are given page by page; `pages` names those that were asked for. */
async function find(
  ids: string[],
  lists: { others?: ExportTask[][]; downloaded?: ExportTask[][]; total?: number },
) {
  const pages: string[] = [];
  const listTasks = async (_: unknown, { isDownloaded, offset }: TaskPageOptions) => {
    const list = (isDownloaded ? lists.downloaded : lists.others) ?? [];
    pages.push(`${isDownloaded ? 'downloaded' : 'others'} ${offset}`);
    let before = 0;
    const page = list.find((one) => {
      before += one.length;
      return before > offset;
    });
    return { tasks: page ?? [], total: lists.total ?? list.flat().length };
  };
  const api: ExportApi = { listTasks, ...NOTHING_IS_ORDERED };
  const { found } = await findTasks(api, target, wanted(...ids), never);
  return { found: [...found.keys()], tasks: found, pages };
}

describe('tasks', () => {
  it('that are all on the first page need no other', async () => {
    const { found, pages } = await find(['a', 'b'], {
      others: [[task('b', 9), task('x', 5), task('a', 3)], [task('y', 1)]],
    });
    expect([found.sort(), pages]).toEqual([['a', 'b'], ['others 0']]);
  });

  it('are looked for on every page, and then among those that were downloaded', async () => {
    const { found, pages } = await find(['a', 'b', 'c'], {
      others: [[task('x', 9), task('y', 8)], [task('a', 7)]],
      downloaded: [[task('b', 9)], [task('z', 8)]],
    });
    expect(found.sort()).toEqual(['a', 'b']);
    expect(pages).toEqual(['others 0', 'others 2', 'downloaded 0', 'downloaded 1']);
  });

  it('are not looked for behind a page that is older than any of their windows', async () => {
    const older = [[task('x', -59), task('y', -60)], [task('z', -60), task('w', -61)], [task('a', -62)]];
    const { found, pages } = await find(['a'], { others: older });
    expect(found).toEqual([]);
    expect(pages).toEqual(['others 0', 'others 2', 'downloaded 0']);
  });

  it('of the oldest window decide how far', async () => {
    const page = [task('x', 24 * 60 - 30), task('y', 24 * 60 - 61)];
    const { found } = await find(['a', 'b'], { others: [page, [task('a', 5)]] });
    expect(found).toEqual(['a']);
  });

  it.each([
    ['is in another order than asked for', [task('x', -900), task('y', -90)]],
    ['does not say when its last was created', [task('x', -90), task('y')]],
    ['does not say when its first was created', [task('x'), task('y', -90)]],
  ])('are looked for behind a page that %s', async (_, page) => {
    expect((await find(['a'], { others: [page, [task('a', 5)]] })).found).toEqual(['a']);
  });

  it('are not looked for permanently where the count is too high', async () => {
    const { pages } = await find(['a'], { others: [[task('x', 5)]], total: 7 });
    expect(pages).toEqual(['others 0', 'others 1', 'downloaded 0']);
  });

  it('are looked for on three hundred pages of a list without end, which is then abandoned', async () => {
    let pages = 0;
    const listTasks = async () => {
      pages += 1;
      return { tasks: [task(pages === 2 ? 'a' : `x${pages}`)], total: 99_999_999 };
    };
    const api = { listTasks, ...NOTHING_IS_ORDERED };
    const { found, error } = await findTasks(api, target, wanted('a', 'b'), never);
    expect([pages, [...found.keys()]]).toEqual([301, ['a']]);
    expect([error?.kind, error?.message]).toEqual([
      'malformed_reply',
      "Huawei's list of export tasks was abandoned after 300 pages, which did not end it.",
    ]);
  });

  it('that nobody looks for are not asked about', async () => {
    expect((await find([], { others: [[task('x', 5)]] })).pages).toEqual([]);
  });
});

describe('a search that is handed on', () => {
  const down = () => Promise.reject(new UnavailableError('It is down.', { reason: 'server_error' }));

  function searching(pages: (() => Promise<{ tasks: ExportTask[]; total: number }>)[], open: string[]) {
    let calls = 0;
    const listTasks = () => pages[Math.min(calls++, pages.length - 1)]?.() ?? down();
    const search = createTaskSearch(target, wanted(...open));
    const of = async (...ids: string[]) => {
      const { found, error } = await search({ listTasks, ...NOTHING_IS_ORDERED }, wanted(...ids), never);
      return { found: [...found.keys()], error: error?.kind, calls };
    };
    return of;
  }
  const page =
    (...ids: string[]) =>
    async () => ({ tasks: ids.map((id) => task(id, 5)), total: 9 });

  it('answers for all open windows at once', async () => {
    const search = searching([page('a', 'b')], ['a', 'b']);
    expect(await search('a')).toEqual({ found: ['a', 'b'], error: undefined, calls: 1 });
    expect(await search('b')).toEqual({ found: ['a', 'b'], error: undefined, calls: 1 });
  });

  it('is made again where it ended early, by whoever comes next', async () => {
    const search = searching([down, page('a', 'b')], ['a', 'b']);
    expect(await search('a')).toEqual({ found: [], error: 'unavailable', calls: 1 });
    expect(await search('b')).toEqual({ found: ['a', 'b'], error: undefined, calls: 2 });
  });

  it('that ended early is no failure for whoever has all answers', async () => {
    const search = searching([page('a'), down], ['a', 'b']);
    expect(await search('a')).toEqual({ found: ['a'], error: undefined, calls: 2 });
  });
});
