import { answer, createCloud, QUERY_PARAMETERS } from './cloud.ts';
import type { ExportTask } from './exports/export-tasks.ts';
import type { AccessKey } from './iam/access-keys.ts';
import type { Account } from './iam/accounts.ts';
import { attackLogins } from './logins/attack-logins.ts';
import type { LoginRecord } from './logins/login-records.ts';
import type { EmulatorOptions } from './options.ts';
import { attackFrom } from './scenarios/attack.ts';
import { inject } from './scenarios/inject.ts';
import { createScenarioPlayer } from './scenarios/player.ts';
import { parseScenario, type ScenarioInput } from './scenarios/scenario.ts';
import { dateHeader, type Host, type HostDates, hostTime } from './server/hosts.ts';
import { createHttpServer } from './server/http-server.ts';
import { createListeners, type Listening } from './server/listeners.ts';
import { gatewayError, type Reply } from './server/reply.ts';
import { checkLimits, type Request } from './server/request.ts';
import { createRequestLog, type SeenRequest } from './server/request-log.ts';
import { hostOf, type Route, routeOf, unknownApi } from './server/routes.ts';

/** A small Huawei Cloud: IAM, the export host and the tasks host on one port of the loopback interface, or on three. */
export type Emulator = {
  /**
   * Starts the emulator; after a `close`, on the port that it had before. `origin` is that of every host, and with
   * `separateHosts` that of the export host. `origins` has the origin of each host.
   */
  listen(): Promise<Listening>;
  /** Stops the emulator at once. Closes every connection, without the answers that are still to come. */
  close(): Promise<void>;

  /** The requests so far, oldest first (the last ten thousand). */
  requests(): readonly SeenRequest[];
  /** The export tasks so far, oldest first, in their present state. */
  tasks(): ExportTask[];
  /** The login records known by now that start in `[start, end]`, in milliseconds since the epoch. */
  records(start: number, end: number): LoginRecord[];

  /**
   * Replaces the scenario. The clock is right again, the logins of the last scenario's attacks are removed, and a quota
   * counts from 0.
   */
  setScenario(scenario: ScenarioInput): void;
  /** Revokes all tokens: the reply to a revoked token is that it "must be updated". */
  revokeTokens(): void;
  /** Adds a user, or changes a password, which revokes the tokens of the user, as at Huawei. */
  setPassword(account: Account): void;
  /** Replaces all access keys. */
  setAccessKeys(keys: readonly AccessKey[]): void;
  /** Ends a task as FAIL, now. Throws when no task has the id; so do `expireTask` and `markDownloaded`. */
  failTask(id: string, reason: string, errorCode?: string): void;
  expireTask(id: string): void;
  /** As when a user has downloaded the file from the console. */
  markDownloaded(id: string): void;
};

type Call = Route & { host: Host };

export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const { clock = Date.now, onRequest } = options;
  const cloud = createCloud(options);
  const player = createScenarioPlayer();
  const log = createRequestLog({ parameters: QUERY_PARAMETERS, onRequest });
  let skewMilliseconds = 0;
  let dates: HostDates = {};
  const now = () => clock() + skewMilliseconds;

  const setScenario = (scenario: ScenarioInput): void => {
    const { steps, quota, one_at_a_time: oneAtATime, attacks, ...rest } = parseScenario(scenario);
    const startedAt = clock();
    player.play(steps, startedAt);
    cloud.exportQuota.set(quota);
    cloud.oneAtATime.set(oneAtATime);
    cloud.logins.setAttack(attackLogins(attacks.map((attack) => attackFrom(attack, startedAt))));
    dates = rest.dates ?? {};
    skewMilliseconds = 0;
  };
  setScenario(options.scenario ?? {});

  // A host on a port of its own serves only its own calls.
  const work = (request: Request, { host, ...route }: Call): Reply =>
    host === hostOf(route.kind)
      ? answer({ ...request, at: now() }, route, cloud)
      : unknownApi(`this call is on the ${hostOf(route.kind)} host`);

  const handle = (request: Request, call: Call, closing: AbortSignal) =>
    inject(player.next({ ...call, now: clock() }), {
      kind: call.kind,
      now: () => hostTime(dates[call.host], now()),
      work: () => work(request, call),
      revokeTokens: () => cloud.tokens.revoke(),
      skewClock: (seconds) => {
        skewMilliseconds = seconds * 1000;
      },
      tasks: cloud.tasks,
      closing,
    });

  const dateOf = (host: Host | undefined) => dateHeader(host && dates[host], now());

  const reply = (request: Request, { host, kind }: Partial<Call>, outcome: Reply | 'cut') => {
    log.add({ ...request, host, kind }, outcome);
    return outcome === 'cut' ? outcome : { ...outcome, headers: { ...outcome.headers, ...dateOf(host) } };
  };

  const serve = async (request: Request, closing: AbortSignal, called: Host | undefined) => {
    const route = checkLimits(request) ?? routeOf(request);
    if ('status' in route) return reply(request, called ? { host: called } : {}, route);
    const call = { ...route, host: called ?? hostOf(route.kind) };
    return reply(request, call, await handle(request, call, closing).catch(internalError));
  };

  const listeners = createListeners(
    (host) =>
      createHttpServer({
        serve: (request, closing) => serve(request, closing, host),
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

// An error of the emulator itself must not end a long run. It is answered with a 500 that no scenario has.
function internalError(error: unknown): Reply {
  const note = `the emulator itself failed: ${error instanceof Error ? error.message : String(error)}`;
  return gatewayError({ status: 500, code: 'APIGW.0601', message: 'Internal server error.', note });
}
