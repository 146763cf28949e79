import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { createSqliteQueue } from '../../../lib/adapters/queue/local-sqlite.ts';
import { createSecretsFile } from '../../../lib/adapters/secrets/local-file.ts';
import type { ExportEvent } from '../../../lib/domain/exports/events.ts';
import type { TaskSubmitted } from '../../../lib/domain/exports/message.ts';
import type { Target } from '../../../lib/domain/input/target.ts';
import { createEmulator, type Emulator } from '../../../lib/emulator/emulator.ts';
import { createExportApi } from '../../../lib/huawei/export-api.ts';
import type { QueueReader } from '../../../lib/ports.ts';
import type { RunPorts, ServicePorts } from '../../../lib/run-ports.ts';
import { PASSWORD, targetAt } from '../../support/huawei/start-huawei.ts';
import { timeOf } from '../../support/runs/local-ports.ts';
import { type Chance, chanceFrom } from '../simulation/story/chance.ts';
import type { Day } from './day.ts';
import type { Order } from './judge/submissions.ts';
import type { Store } from './stores.ts';

export type DayPorts = RunPorts & ServicePorts & { queue: QueueReader };

/** What the program told, and when. */
export type Told = { at: number; event: ExportEvent };

/** Everything around the program on one day, and what was seen of it from outside. */
export type World = {
  day: Day;
  store: Store;
  emulator: Emulator;
  chance: Chance;
  target: Target;
  now(): number;
  moveTo(at: number): void;
  /** Whether anything goes wrong now. */
  isTroubled: boolean;
  told: Told[];
  /** Exports that were ordered of Huawei, for alerts and for nights. */
  orders: Order[];
  /** The cap, and since when. */
  caps: { at: number; cap: number }[];
  /** Rows that nobody can read any more, and what they said before. `isRead`: somebody will try. */
  damaged: { at: number; name: string; record: string; isRead: boolean }[];
  /** Of a process of its own: nothing is kept from an earlier one but ledger and queue. */
  ports(): DayPorts;
  messages(): Promise<TaskSubmitted[]>;
  close(): Promise<void>;
};

const policy = { attempts: 2, firstWaitMilliseconds: 1, factor: 1, longestWaitMilliseconds: 20 };

// Nobody downloads anything here, and tasks that expire of themselves would be ordered again.
const PATIENT = { taskExpirySeconds: 400 * 24 * 3_600 };

let worlds = 0;

/** A target of its own in a store that may be shared. */
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
  const told: Told[] = [];
  const observe = (event: ExportEvent) => void told.push({ at: now(), event });
  return {
    ...{ day, store, emulator, now, told },
    chance: chanceFrom(day.seed + 1_000_000),
    target: targetAt(origin, settings),
    moveTo: (at) => {
      time.now = Temporal.Instant.fromEpochMilliseconds(Math.max(now(), at));
    },
    isTroubled: true,
    orders: [],
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
