import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { targetStatus } from '../../../lib/exports/status/target-status.ts';
import { mortalPorts } from '../../support/runs/killed-run.ts';
import { at, runningTarget } from '../running-target.ts';

/** Three nights that are exported and confirmed but for the last, and a way to spoil what is stored. */
async function threeNights(settings: Record<string, unknown> = { start_at: '2026-11-20T00:00:00Z' }) {
  const local = await runningTarget(settings);
  await local.calendar();
  const spoil = (sql: string): void => {
    const database = new DatabaseSync(join(local.folder, 'state.sqlite'));
    database.exec(sql);
    database.close();
  };
  local.pass({ hours: 24 });
  return { ...local, spoil };
}

const ROW = `"window" LIKE '2026-11-21%'`;

describe("a window's row that cannot be read", () => {
  it.each([
    ['is no JSON', `UPDATE windows SET document = 'spoilt' WHERE ${ROW}`],
    ['lacks the message', `UPDATE windows SET document = json_remove(document, '$.message') WHERE ${ROW}`],
    ['has no attempt', `UPDATE windows SET document = json_set(document, '$.attempt', 'two') WHERE ${ROW}`],
  ])(
    'because it %s is reported, exported again under another id, and stops no other window',
    async (_, sql) => {
      const { calendar, sweep, spoil, rows, messages, reported } = await threeNights();
      spoil(sql);
      const report = await calendar();
      expect(report).toMatchObject({ failed: [], lost: [], deferred: 0 });
      await sweep();
      expect(await rows()).toEqual([
        '11-20/11-21 confirmed',
        expect.stringMatching(/^11-21\/11-22 (published|confirmed)$/),
        '11-22/11-23 confirmed',
        expect.stringMatching(/^11-23\/11-24 (published|confirmed)$/),
      ]);
      const again = (await messages()).filter(({ subject }) => subject.startsWith('2026-11-21'));
      expect(again).toHaveLength(2);
      expect(new Set(again.map(({ id }) => id)).size).toBe(2);
      expect(reported('row_unreadable')).toEqual([]);
    },
  );

  it('only beside its document is reported by its place in the ledger, and rewritten', async () => {
    const { calendar, spoil, reported, rows, messages } = await threeNights();
    spoil(`UPDATE windows SET state = 'gone' WHERE ${ROW}`);
    expect(await calendar()).toMatchObject({ published: 1, confirmed: 3, failed: [] });
    expect(await rows()).toContain('11-21/11-22 confirmed');
    expect(await messages()).toHaveLength(4);
    expect(reported('row_unreadable')).toEqual([
      {
        type: 'row_unreadable',
        targetId: 'acme',
        message: expect.stringMatching(
          /^2026-11-21T00:00:00\.0+Z\/2026-11-22\S+: its state is "gone" and must be /,
        ),
      },
    ]);
  });

  it.each([
    ['of another state', `UPDATE windows SET state = 'lost' WHERE ${ROW}`],
    ['of another version', `UPDATE windows SET version = 99 WHERE ${ROW}`],
    [
      "of another window's document",
      `UPDATE windows SET document = json_set(document, '$.window.end', '2026-11-21T12:00:00Z') WHERE ${ROW}`,
    ],
  ])('because what stands beside the document is %s is exported again', async (_, sql) => {
    const { calendar, spoil, rows, pass } = await threeNights();
    spoil(sql);
    await calendar();
    pass({ minutes: 10 });
    await calendar();
    expect(await rows()).toEqual([
      '11-20/11-21 confirmed',
      '11-21/11-22 confirmed',
      '11-22/11-23 confirmed',
      '11-23/11-24 confirmed',
    ]);
  });

  // A listing shows what stands beside a document, and never the document.
  it.each(['trigger', 'updated_at', 'message.data.window'])(
    'for its document lacks %s is reported when it is confirmed, and exported again',
    async (field) => {
      const { calendar, spoil, reported, rows, messages } = await threeNights();
      spoil(`UPDATE windows SET document = json_remove(document, '$.${field}') WHERE ${ROW}`);
      expect(await calendar()).toMatchObject({ published: 2, confirmed: 2, failed: [] });
      expect(reported('row_unreadable')).toMatchObject([
        { message: expect.stringMatching(/^2026-11-21T00:00:00Z\/2026-11-22T00:00:00Z: ./) },
      ]);
      expect(await rows()).toContain('11-21/11-22 published');
      const ids = (await messages()).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    },
  );

  it('with the message of a dead run is reported, and its window is exported again', async () => {
    const { calendar, sweep, spoil, ports, passLease, reported, rows } = await threeNights();
    const { died, ports: mortal } = mortalPorts(ports(), { when: 'before', call: 'queue.publish', nth: 1 });
    void calendar({ ports: mortal });
    await died;
    expect(await rows()).toContain('11-23/11-24 submitted');
    spoil(`UPDATE windows SET document = json_remove(document, '$.trigger') WHERE state = 'submitted'`);
    passLease();
    expect(await sweep()).toMatchObject({ published: 1, deferred: 0, failed: [] });
    expect(reported('row_unreadable')).toHaveLength(1);
    expect(await rows()).toContain('11-23/11-24 published');
  });

  it('and that a newer release wrote is not written over: that window fails, and no other', async () => {
    const { calendar, spoil, rows } = await threeNights();
    spoil(`UPDATE windows SET document = json_set(document, '$.schema', 2), state = 'failed' WHERE ${ROW}`);
    const report = await calendar();
    expect(report).toMatchObject({ published: 1, failed: [{ kind: 'infrastructure' }] });
    expect(report.failed[0]?.message).toMatch(/a newer release wrote the row/);
    expect(await rows()).toHaveLength(4);
  });

  it('and whose name is none is reported, and nothing depends on it', async () => {
    const { calendar, spoil, reported } = await threeNights();
    spoil(`UPDATE windows SET "window" = 'x/2026-11-22T00:00:00.000000000Z/y' WHERE ${ROW}`);
    expect(await calendar()).toMatchObject({ published: 2, failed: [] });
    expect(reported('row_unreadable')).toEqual([
      {
        type: 'row_unreadable',
        targetId: 'acme',
        message: expect.stringMatching(/^x\/.*: its name is not that of a window$/),
      },
    ]);
  });

  it('is recorded as lost when it is too old to be exported again', async () => {
    const { calendar, spoil, pass } = await threeNights();
    spoil(`UPDATE windows SET document = 'spoilt' WHERE ${ROW}`);
    pass({ hours: 24 * 29 });
    const report = await calendar();
    expect(report.lost).toContainEqual({ start: '2026-11-21T00:00:00Z', end: '2026-11-22T00:00:00Z' });
  });
});

describe("the target's own row", () => {
  it('that is gone while its windows are there is an error that says so, and no new beginning', async () => {
    const { calendar, sweep, spoil, exportCalls, ports, targetWith } = await threeNights();
    spoil('DELETE FROM targets');
    for (const run of [calendar, sweep]) {
      const report = await run();
      expect(report).toMatchObject({ published: 0, failed: [{ kind: 'infrastructure' }] });
      expect(report.failed[0]?.message).toMatch(
        /has 3 windows of target acme, and the row of the target itself is missing/,
      );
    }
    expect(exportCalls()).toBe(3);
    await expect(targetStatus(ports(), targetWith())).rejects.toThrow(
      /the row of the target itself is missing/,
    );
  });

  const DAMAGES = [
    ['is no JSON', `UPDATE targets SET document = 'spoilt'`],
    [
      'has a time that is none',
      `UPDATE targets SET document = json_set(document, '$.covered_until', 'soon')`,
    ],
  ] as const;

  it.each(DAMAGES)(
    'that %s is reported and rebuilt from the windows, and nothing is exported twice',
    async (_, sql) => {
      const { calendar, spoil, stored, reported, exportCalls, ports, targetWith } = await threeNights();
      const before = await stored();
      spoil(sql);
      await expect(targetStatus(ports(), targetWith())).rejects.toThrow(/is there but cannot be read/);
      expect(await calendar()).toMatchObject({ published: 1, confirmed: 3, failed: [], lost: [] });
      expect(reported('row_unreadable')).toEqual([
        {
          type: 'row_unreadable',
          targetId: 'acme',
          message: expect.stringMatching(/read target acme .*; it is rebuilt$/),
        },
      ]);
      expect(exportCalls()).toBe(4);
      const after = await stored();
      expect([after?.coveredFrom, after?.projectId, after?.region, after?.isLoopback]).toEqual([
        before?.coveredFrom,
        before?.projectId,
        before?.region,
        true,
      ]);
      expect(after?.coveredUntil).toEqual(at('2026-11-23T00:00:00Z'));
      expect(await calendar()).toMatchObject({ published: 0, failed: [] });
    },
  );

  it('that is damaged is rebuilt by a sweep, too', async () => {
    const { sweep, spoil, reported, stored } = await threeNights();
    spoil(DAMAGES[0][1]);
    expect(await sweep()).toMatchObject({ published: 1, confirmed: 3, failed: [] });
    expect(reported('row_unreadable')).toHaveLength(1);
    expect((await stored())?.coveredUntil).toEqual(at('2026-11-23T00:00:00Z'));
  });

  it('that is damaged is not rebuilt for another project', async () => {
    const { calendar, spoil, exportCalls } = await threeNights();
    spoil(DAMAGES[0][1]);
    expect(await calendar({ region: 'ap-southeast-9' })).toMatchObject({
      published: 0,
      failed: [{ kind: 'input' }],
    });
    expect(exportCalls()).toBe(3);
  });

  it('that a newer release wrote is left as it is', async () => {
    const { calendar, spoil, exportCalls } = await threeNights();
    spoil(`UPDATE targets SET document = json_set(document, '$.schema', 2)`);
    const report = await calendar();
    expect(report).toMatchObject({ published: 0, failed: [{ kind: 'infrastructure' }] });
    expect(report.failed[0]?.message).toMatch(/a newer release wrote the row/);
    expect(exportCalls()).toBe(3);
  });
});
