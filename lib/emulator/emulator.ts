import { answer, createCloud } from './cloud.ts';
import type { ExportTask } from './exports/export-tasks.ts';
import type { AccessKey } from './iam/access-keys.ts';
import type { Account } from './iam/accounts.ts';
import { attackLogins } from './logins/fake-logins.ts';
import type { LoginRecord } from './logins/login-records.ts';
import type { EmulatorOptions, SeenRequest } from './options.ts';
import { createScenarioPlayer, perform } from './scenarios/effects.ts';
import { parseScenario, type ScenarioInput } from './scenarios/scenario.ts';
import { dateHeader, type Host, type HostDates, hostOf, hostTime } from './server/hosts.ts';
import { createHttpServer } from './server/http-server.ts';
import { createListeners, type Listening } from './server/listeners.ts';
import { gatewayError, type Reply } from './server/reply.ts';
import { checkLimits, type Received } from './server/request.ts';
import { createRequestLog } from './server/request-log.ts';
import { type Route, routeOf, unknownApi } from './server/routes.ts';

/** A small Huawei Cloud: IAM, the export host and the tasks host on one port of the loopback interface, or on three. */
export type Emulator = {
  /**
   * Starts it, after a `close` on the port it had. `origin` stands in for every host of the cloud; with `separateHosts`
   * it is the export host's, and `origins` has each host's own.
   */
  listen(): Promise<Listening>;
  /** Stops it at once, with every connection and every answer that is still to come. */
  close(): Promise<void>;

  /** The requests so far, oldest first (the last ten thousand). */
  requests(): readonly SeenRequest[];
  /** The export tasks so far, oldest first, as they stand now. */
  tasks(): ExportTask[];
  /** The login records known by now that start in `[start, end]`, in milliseconds since the epoch. */
  records(start: number, end: number): LoginRecord[];

  /**
   * What goes wrong from now on, instead of what was to go wrong. The clock is right again, the logins of the last
   * scenario's attacks are gone, and a quota counts from nothing.
   */
  setScenario(scenario: ScenarioInput): void;
  /** Makes every token given out so far one that "must be updated". */
  revokeTokens(): void;
  /** Adds a user, or changes a password: the user's tokens die, as they do at Huawei. */
  setPassword(account: Account): void;
  /** Replaces all access keys. */
  setAccessKeys(keys: readonly AccessKey[]): void;
  /** Ends a task as FAIL, now. This one and the next two throw when no task has the id. */
  failTask(id: string, reason: string, errorCode?: string): void;
  expireTask(id: string): void;
  /** As if somebody had downloaded it from the console. */
  markDownloaded(id: string): void;
};

type Call = Route & { host: Host };

export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const { clock = Date.now, onRequest } = options;
  const cloud = createCloud(options);
  const player = createScenarioPlayer();
  const log = createRequestLog(onRequest);
  let skewMilliseconds = 0;
  let dates: HostDates = {};
  const now = () => clock() + skewMilliseconds;

  const setScenario = (scenario: ScenarioInput): void => {
    const { steps, quota, one_at_a_time: oneAtATime, attacks, ...rest } = parseScenario(scenario);
    player.play(steps, clock());
    cloud.exportQuota.set(quota);
    cloud.oneAtATime.set(oneAtATime);
    cloud.logins.setAttack(attackLogins(attacks, clock()));
    dates = rest.dates ?? {};
    skewMilliseconds = 0;
  };
  setScenario(options.scenario ?? {});

  // On a port of its own, a host has its own calls alone.
  const work = (received: Received, { host, ...route }: Call): Reply =>
    host === hostOf(route.kind)
      ? answer({ ...received, at: now() }, route, cloud)
      : unknownApi(`this call is on the ${hostOf(route.kind)} host`);

  const meet = (received: Received, call: Call, closing: AbortSignal) =>
    perform(player.next({ ...call, now: clock() }), {
      kind: call.kind,
      now: () => hostTime(dates[call.host], now()),
      work: () => work(received, call),
      revokeTokens: () => cloud.tokens.revoke(),
      skewClock: (seconds) => {
        skewMilliseconds = seconds * 1000;
      },
      tasks: cloud.tasks,
      closing,
    });

  const dateOf = (host: Host | undefined) => dateHeader(host && dates[host], now());

  const reply = (received: Received, { host, kind }: Partial<Call>, outcome: Reply | 'cut') => {
    log.add({ ...received, host, kind }, outcome);
    return outcome === 'cut' ? outcome : { ...outcome, headers: { ...outcome.headers, ...dateOf(host) } };
  };

  const serve = async (received: Received, closing: AbortSignal, called: Host | undefined) => {
    const route = checkLimits(received) ?? routeOf(received);
    if ('status' in route) return reply(received, called ? { host: called } : {}, route);
    const call = { ...route, host: called ?? hostOf(route.kind) };
    return reply(received, call, await meet(received, call, closing).catch(fault));
  };

  const listeners = createListeners(
    (host) =>
      createHttpServer({
        serve: (received, closing) => serve(received, closing, host),
        now,
        date: () => dateOf(host),
        unreadable: (status, note) => log.addUnreadable(now(), status, note),
      }),
    options,
  );

  return {
    ...listeners,
    requests: log.all,
    tasks: () => cloud.tasks.all(now()),
    records: (start, end) => cloud.logins.find({ start, end, filters: {}, asOf: now() }),
    setScenario,
    revokeTokens: () => cloud.tokens.revoke(),
    setPassword: (account) => {
      cloud.accounts.set(account);
      cloud.tokens.revoke(account);
    },
    setAccessKeys: cloud.accessKeys.set,
    failTask: (id, reason, code = 'WKS.00211401') => cloud.tasks.fail(id, { reason, code, at: now() }),
    expireTask: cloud.tasks.expire,
    markDownloaded: cloud.tasks.markDownloaded,
  };
}

// A fault of the emulator itself must not end a long run; it shows as a 500 that no scenario asked for.
function fault(error: unknown): Reply {
  const note = `the emulator itself failed: ${error instanceof Error ? error.message : String(error)}`;
  return gatewayError({ status: 500, code: 'APIGW.0601', message: 'Internal server error.', note });
}
