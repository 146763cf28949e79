import { Temporal } from 'temporal-polyfill';
import { onTestFinished } from 'vitest';
import { createSqliteLedger } from '../../../lib/adapters/ledger/local-sqlite.ts';
import { createSqliteQueue } from '../../../lib/adapters/queue/local-sqlite.ts';
import { createSecretsFile } from '../../../lib/adapters/secrets/local-file.ts';
import type { Alert } from '../../../lib/domain/alerts/alert.ts';
import type { RunEvent } from '../../../lib/domain/exports/run-events.ts';
import type { Filters } from '../../../lib/domain/input/filters.ts';
import type { Span } from '../../../lib/domain/time/spans.ts';
import type { EmulatorOptions } from '../../../lib/emulator/options.ts';
import { openRequests } from '../../../lib/exports/alerts/requests/rows.ts';
import { serveArrival } from '../../../lib/exports/alerts/requests/serve-arrival.ts';
import { requestTerms } from '../../../lib/exports/alerts/requests-by-target.ts';
import { runScheduledExport } from '../../../lib/exports/scheduled-run.ts';
import { targetStatus } from '../../../lib/exports/status/target-status.ts';
import { createHostHealth } from '../../../lib/exports/vendor/host-health.ts';
import { portsOfTarget } from '../../../lib/exports/vendor/target-ports.ts';
import { createExportApi } from '../../../lib/huawei/export-api.ts';
import type { RunPorts, ServicePorts } from '../../../lib/run-ports.ts';
import { PASSWORD, secretsFile, startHuawei, targetAt } from '../huawei/start-huawei.ts';
import { FROM_GUARDDUTY } from '../ledger/request-rows.ts';
import { timeOf } from '../runs/local-ports.ts';

const at = Temporal.Instant.from;
const policy = { attempts: 2, firstWaitMilliseconds: 1, factor: 2, longestWaitMilliseconds: 5 };
const never = new AbortController().signal;

/** A target whose alerts are exported from the emulator, with a clock that the test moves. Times are of 22 November 2026. `file` is the file of the ledger. */
export async function alertingTarget(
  settings: Record<string, unknown> = {},
  options: EmulatorOptions = {},
  start = '2026-11-22T10:00:00Z',
  file = ':memory:',
) {
  const { emulator, origin, time, clock } = await startHuawei({ tokenSize: 200, ...options }, start);
  const ledger = createSqliteLedger({ file });
  const queue = createSqliteQueue({ file: ':memory:' });
  onTestFinished(() => {
    ledger.close();
    queue.close();
  });
  const secrets = createSecretsFile({ file: secretsFile({ 'huawei/acme': PASSWORD }) });
  const events: RunEvent[] = [];
  const observe = (event: RunEvent) => void events.push(event);
  const api = createExportApi({ secrets, clock, observe, policy });
  const ports: RunPorts & ServicePorts = {
    api,
    ledger,
    queue,
    clock,
    observe,
    ...timeOf(time),
  };
  const target = targetAt(origin, settings);

  const serve = async (...inputs: Demanded[]) => {
    const terms = requestTerms(
      inputs.map(({ from, to, filters = {}, ...rest }) => ({
        alert: alertOf(rest, to),
        target,
        window: spanOf(from, to),
        filters: { ...filters, ...target.filters },
      })),
      clock(),
    );
    const work = await portsOfTarget(ports, { target, clock, health: createHostHealth() }, never);
    return serveArrival(work.ports, { target, terms }, work.limits);
  };

  const sweep = (isSweep = true) => {
    const trigger = { kind: 'schedule' } as const;
    const input = { targets: [target], sweep: isSweep, scheduledTime: clock(), trigger };
    return runScheduledExport(ports, input, never);
  };

  return {
    ...{ target, ports, events, emulator, time, clock, ledger, serve, sweep },
    pass: (duration: Temporal.DurationLike) => {
      time.now = time.now.add(duration);
    },
    messages: async () => (await queue.waiting()).map(({ message }) => message),
    /** The exports for alerts so far, in the order of their messages: `<start>/<end> <filters>`. Nights are not included. */
    published: async () =>
      (await queue.waiting())
        .filter(({ message: { data } }) => data.reason === 'alert')
        .map(({ message: { data } }) => {
          const { window, request } = data;
          const filters = Object.values(request.filters).join(' ');
          return `${shortTime(window.start)}/${shortTime(window.end)} ${filters || 'all'}`;
        }),
    /** The requests that are open. */
    open: async () => openRequests(await ledger.listOpen(target.id)),
    /** The `status` of the alerts. */
    status: async () => (await targetStatus(ports, target)).alerts,
  };
}

type Asked = { id?: string; lastSeen?: string };

type Demanded = Asked & { from: string; to: string; filters?: Filters };

/** An alert for tests in which only the id and the last sight matter. */
export function alertOf({ id = 'finding-1', lastSeen }: Asked, to: string): Alert {
  const seen = instantOf(lastSeen ?? to);
  return {
    id,
    ...FROM_GUARDDUTY,
    firstSeen: seen,
    lastSeen: seen,
    named: {},
  };
}

export function spanOf(from: string, to: string): Span {
  return { start: instantOf(from), end: instantOf(to) };
}

/** The time of a text such as `10:00` (of that day), or of a complete time. */
function instantOf(text: string): Temporal.Instant {
  return at(text.includes('T') ? text : `2026-11-22T${text.length === 5 ? `${text}:00` : text}Z`);
}

function shortTime(text: string): string {
  return text.replace('2026-11-22T', '').replace(/(:00)?Z$/, '');
}
