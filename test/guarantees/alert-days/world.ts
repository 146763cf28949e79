import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { createSqliteQueue } from '../../../lib/adapters/queue/local-sqlite.ts';
import { createSecretsFile } from '../../../lib/adapters/secrets/local-file.ts';
import type { TaskSubmitted } from '../../../lib/domain/exports/message.ts';
import type { RunEvent } from '../../../lib/domain/exports/run-events.ts';
import type { Target } from '../../../lib/domain/input/target.ts';
import { createEmulator, type Emulator } from '../../../lib/emulator/emulator.ts';
import { createExportApi } from '../../../lib/huawei/export-api.ts';
import type { QueueReader } from '../../../lib/ports.ts';
import type { RunPorts, ServicePorts } from '../../../lib/run-ports.ts';
import { PASSWORD, targetAt } from '../../support/huawei/start-huawei.ts';
import { timeOf } from '../../support/runs/local-ports.ts';
import { type Chance, chanceFrom } from '../simulation/story/chance.ts';
import type { Day } from './day.ts';
import type { Submission } from './judge/submissions.ts';
import type { Store } from './stores.ts';

export type DayPorts = RunPorts & ServicePorts & { queue: QueueReader };

/** An event that the program reported, and when. */
export type Reported = { at: number; event: RunEvent };

/** Everything around the program on one day, and all that the judge observes of the program. */
export type World = {
  day: Day;
  store: Store;
  emulator: Emulator;
  chance: Chance;
  target: Target;
  now(): number;
  moveTo(at: number): void;
  /** Whether Huawei, ledger and queue fail now, as the mode of the day says. */
  areFailuresOn: boolean;
  reported: Reported[];
  /** The exports that were submitted to Huawei, for alerts and for nights. */
  submissions: Submission[];
  /** The caps of the day; each counts from `at` on. */
  caps: { at: number; cap: number }[];
  /** Rows that became unreadable, with their records of before. `isRead`: the program reads the row again. */
  damaged: { at: number; name: string; document: string; isRead: boolean }[];
  /** The ports of a new process: it shares only ledger and queue with earlier ones. */
  ports(): DayPorts;
  messages(): Promise<TaskSubmitted[]>;
  close(): Promise<void>;
};

const policy = { attempts: 2, firstWaitMilliseconds: 1, factor: 1, longestWaitMilliseconds: 20 };

// No file is downloaded here, so a task that expires would be submitted again.
const PATIENT = { taskExpirySeconds: 400 * 24 * 3_600 };

let worlds = 0;

/** A world with a target of its own; several worlds can share a store. */
export async function createWorld(day: Day, store: Store): Promise<World> {
  const time = { now: Temporal.Instant.fromEpochMilliseconds(day.start) };
  const clock = () => time.now;
  const now = () => time.now.epochMilliseconds;
  const emulator = createEmulator({ clock: now, tokenSize: 200, records: [], ...PATIENT });
  const { origin } = await emulator.listen();
  const queue = createSqliteQueue({ file: ':memory:' });
  const folder = mkdtempSync(join(tmpdir(), 'alert-day-'));
  const secrets = join(folder, 'secrets.json');
  writeFileSync(secrets, JSON.stringify({ 'huawei/acme': PASSWORD }), { mode: 0o600 });
  worlds += 1;
  const settings = { id: `day-${worlds}`, max_alert_exports: day.cap, max_attempts: day.maxAttempts };
  const reported: Reported[] = [];
  const observe = (event: RunEvent) => void reported.push({ at: now(), event });
  return {
    ...{ day, store, emulator, now, reported },
    chance: chanceFrom(day.seed + 1_000_000),
    target: targetAt(origin, settings),
    moveTo: (at) => {
      time.now = Temporal.Instant.fromEpochMilliseconds(Math.max(now(), at));
    },
    areFailuresOn: true,
    submissions: [],
    caps: [{ at: day.start, cap: day.cap }],
    damaged: [],
    ports: () => ({
      api: createExportApi({
        ...{ clock, observe, policy },
        secrets: createSecretsFile({ file: secrets }),
        uptime: now,
      }),
      ...{ ledger: store.ledger, queue, clock, observe },
      ...timeOf(time),
    }),
    messages: async () => (await queue.waiting()).map(({ message }) => message),
    close: async () => {
      queue.close();
      await emulator.close();
      rmSync(folder, { recursive: true });
    },
  };
}
