import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { onTestFinished } from 'vitest';
import { createSqliteLedger } from '../../../lib/adapters/ledger/local-sqlite.ts';
import { createSqliteQueue } from '../../../lib/adapters/queue/local-sqlite.ts';
import { createSecretsFile } from '../../../lib/adapters/secrets/local-file.ts';
import type { RunEvent } from '../../../lib/domain/exports/run-events.ts';
import { type Target, target as targetSchema } from '../../../lib/domain/input/target.ts';
import { createEmulator } from '../../../lib/emulator/emulator.ts';
import { DEMO_ACCOUNT } from '../../../lib/emulator/iam/accounts.ts';
import { backfill } from '../../../lib/exports/backfill/backfill.ts';
import { backfillMoment, backfillRange } from '../../../lib/exports/backfill/range.ts';
import { createHostClocks } from '../../../lib/exports/clock/host-clocks.ts';
import { runScheduledExport } from '../../../lib/exports/scheduled-run.ts';
import type { TargetReport } from '../../../lib/exports/window/run-report.ts';
import { createExportApi } from '../../../lib/huawei/export-api.ts';
import { createVendorHosts } from '../../../lib/huawei/host-time.ts';
import type { ServicePorts } from '../../../lib/run-ports.ts';
import { ACCESS_KEY, PASSWORD, secretsFile } from '../../support/huawei/start-huawei.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';

export const at = Temporal.Instant.from;

const never = new AbortController().signal;
const policy = { attempts: 2, firstWaitMilliseconds: 1, factor: 2, longestWaitMilliseconds: 5 };

export type Credential = 'password' | 'access_key';

type Options = {
  settings?: Record<string, unknown>;
  credential?: Credential;
  /** Whether IAM and the other hosts are on ports of their own, so that a second host can be asked. */
  separateHosts?: boolean;
};

type Run = {
  /** What it was started for; absent: Huawei's now. */
  at?: string;
  sweep?: boolean;
  settings?: Record<string, unknown>;
};

/**
 * A target of an emulator whose clock is right (`time`, from 00:35 of 2026-11-23 on), and a machine whose own clock is
 * `machine.aheadSeconds` ahead of it. Everything between them is real. Each run is a process of its own.
 */
export async function wrongClock({
  settings = {},
  credential = 'password',
  separateHosts = true,
}: Options = {}) {
  const time = { now: at('2026-11-23T00:35:00Z') };
  const machine = { aheadSeconds: 0 };
  const emulator = createEmulator({
    clock: () => time.now.epochMilliseconds,
    separateHosts,
    tokenSize: 200,
    taskExpirySeconds: 400 * 24 * 3600,
  });
  const { origins } = await emulator.listen();
  onTestFinished(() => emulator.close());
  const folder = temporaryFolder();
  const secrets = { 'huawei/acme': credential === 'password' ? PASSWORD : ACCESS_KEY };
  const secretsPath = secretsFile(secrets, folder);
  const file = join(folder, 'state.sqlite');
  const ledger = createSqliteLedger({ file });
  const queue = createSqliteQueue({ file });
  onTestFinished(() => {
    ledger.close();
    queue.close();
  });
  const events: RunEvent[] = [];

  const targetWith = (more: Record<string, unknown> = {}): Target =>
    targetSchema.parse({
      id: 'acme',
      region: DEMO_ACCOUNT.project.name,
      project_id: DEMO_ACCOUNT.project.id,
      credential: 'huawei/acme',
      endpoints: origins,
      ...settings,
      ...more,
    });

  const ports = (): ServicePorts => {
    const ownClock = () => time.now.add({ seconds: machine.aheadSeconds });
    const observe = (event: RunEvent) => void events.push(event);
    const clocks = createHostClocks(createVendorHosts(), {
      clock: ownClock,
      uptime: () => time.now.epochMilliseconds,
    });
    return {
      api: createExportApi({
        secrets: createSecretsFile({ file: secretsPath }),
        clock: ownClock,
        clockOf: clocks.of,
        observe,
        policy,
      }),
      ledger,
      queue,
      observe,
      ownClock,
      openClocks: clocks.open,
      wait: async (milliseconds) => {
        time.now = time.now.add({ milliseconds: Math.ceil(milliseconds) });
      },
    };
  };

  const run = async ({ at: when, sweep = false, settings: more }: Run = {}): Promise<TargetReport> => {
    events.length = 0;
    const scheduledTime = when === undefined ? undefined : at(when);
    const trigger = { kind: 'schedule' } as const;
    const input = { targets: [targetWith(more)], scheduledTime, sweep, trigger };
    const { targets } = await runScheduledExport(ports(), input, never);
    return only(targets);
  };

  const fill = async (from: string, to: string): Promise<TargetReport> => {
    events.length = 0;
    const target = targetWith();
    const used = ports();
    const moment = await backfillMoment(used, target, never);
    const { due: range } = backfillRange(target, { start: at(from), end: at(to) }, moment.scheduledTime);
    const trigger = { kind: 'command', scheduled_time: moment.scheduledTime.toString() } as const;
    return backfill(
      { ...used, waitForOthers: async () => undefined },
      { target, range, trigger, moment },
      never,
    );
  };

  return {
    ...{ time, machine, emulator, ledger, events, targetWith, ports, run, fill },
    pass: (duration: Temporal.DurationLike) => {
      time.now = time.now.add(duration);
    },
    /** Of all messages so far, in the order of their windows: `11-22/11-23`. */
    published: async () =>
      (await queue.waiting()).map(({ message: { data } }) => shortSpan(data.window)).sort(),
    messages: async () => (await queue.waiting()).map(({ message }) => message),
    stored: () => ledger.findTarget('acme'),
    rows: async () =>
      (await ledger.list('acme', Temporal.Instant.fromEpochMilliseconds(0))).map(
        ({ window, state }) =>
          `${shortSpan({ start: window.start.toString(), end: window.end.toString() })} ${state}`,
      ),
    reported: <Type extends RunEvent['type']>(type: Type) =>
      events.filter((event): event is Extract<RunEvent, { type: Type }> => event.type === type),
    /** The hosts that were asked for the time, in order: calls without a credential, which are refused. */
    questions: () =>
      emulator
        .requests()
        .filter(({ method, status }) => method === 'GET' && status !== 200)
        .map(({ host }) => host),
  };
}

function only<Value>([first]: readonly Value[]): Value {
  if (first === undefined) throw new Error('there is one permanentlyy target');
  return first;
}

function shortSpan({ start, end }: { start: string; end: string }): string {
  return `${short(start)}/${short(end)}`;
}

function short(text: string): string {
  return text
    .slice(5)
    .replace(/(:00)?Z$/, '')
    .replace('T00:00', '');
}
