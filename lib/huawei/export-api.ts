import type { Target } from '../domain/target.ts';
import type { AcceptedTask, Clock, ExportApi, ExportRequest, Observe, SecretStore } from '../ports.ts';
import { attemptCall } from './attempt.ts';
import type { Authorization } from './authorization.ts';
import { hostsOf } from './endpoints.ts';
import { readErrorReply } from './error-reply.ts';
import { exportBodyFor } from './export-body.ts';
import { exportRequest, readTaskId } from './export-call.ts';
import { createHttp, type HttpReply, type TimeOuts } from './http.ts';
import { redactor } from './redact.ts';
import { DEFAULT_RETRY_POLICY, type RetryPolicy, withRetry } from './retry.ts';
import { parseHttpDate } from './retry-after.ts';
import { createSessions } from './session.ts';
import { createTokenSource } from './token-source.ts';

type Options = {
  secrets: SecretStore;
  clock: Clock;
  observe: Observe;
  policy?: RetryPolicy;
  timeOuts?: TimeOuts;
};

type Answer = { reply: HttpReply; authorization: Authorization; callMilliseconds: number };

/** Huawei Cloud's export call, with its tokens, signatures, repetitions and renewals. Keeps no state but caches. */
export function createExportApi({
  secrets,
  clock,
  observe,
  timeOuts,
  policy = DEFAULT_RETRY_POLICY,
}: Options): ExportApi {
  const send = createHttp(timeOuts);
  const openSession = createSessions({ secrets, clock, tokens: createTokenSource({ send, clock, policy }) });

  const submit = async (
    target: Target,
    request: ExportRequest,
    signal: AbortSignal,
  ): Promise<AcceptedTask> => {
    const hosts = hostsOf(target.region, target.endpoints);
    const body = exportBodyFor(target, request, clock());
    const context = { signal, onWait: waitObserver(observe, target) };
    const session = openSession(target);

    const call = async (authorization: Authorization): Promise<Answer> => {
      const unauthorized = exportRequest(hosts.export, authorization.projectId, body);
      const redact = redactor(authorization.secrets);
      let sentAt = 0;
      const attempt = () => {
        sentAt = performance.now();
        return attemptCall(authorization.apply(unauthorized), { send, clock, redact, signal });
      };
      const reply = await withRetry(attempt, { ...context, policy });
      return { reply, authorization, callMilliseconds: performance.now() - sentAt };
    };

    let answer = await call(await session.authorize(context));
    if (answer.reply.status === 401) {
      const recovered = await session.recover(refusalOf(answer), context);
      if (recovered) answer = await call(recovered);
    }
    const redact = redactor(answer.authorization.secrets);
    return {
      taskId: readTaskId(answer.reply, { target, origin: hosts.export, redact }),
      acceptedAt: clock(),
      projectId: answer.authorization.projectId,
      tasksEndpoint: hosts.tasks,
      callMilliseconds: answer.callMilliseconds,
      sent: { loginStartTime: body.login_start_time, loginEndTime: body.login_end_time },
    };
  };

  return { submit };
}

function refusalOf({ reply, authorization }: Answer) {
  const vendor = readErrorReply(reply, redactor(authorization.secrets));
  return { vendor, serverTime: parseHttpDate(reply.headers['date']) };
}

function waitObserver(observe: Observe, { id: targetId }: Target) {
  return (failure: Error & { vendor?: { status: number } | undefined }, waitMilliseconds: number) => {
    if (failure.vendor?.status === 429) observe({ type: 'call_throttled', targetId, waitMilliseconds });
    else observe({ type: 'call_repeated', targetId, waitMilliseconds, why: failure.message });
  };
}
