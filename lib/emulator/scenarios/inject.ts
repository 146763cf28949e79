import { setTimeout } from 'node:timers/promises';
import type { createExportTasks, PlannedOutcome } from '../exports/export-tasks.ts';
import { jsonReply, type Reply } from '../server/reply.ts';
import { type CallKind, unknownApi } from '../server/routes.ts';
import type { Effect } from './effects.ts';
import { errorReply, forbiddenReply, middleboxPage, throttledReply } from './failures.ts';

/** One call, and the parts of the cloud that an effect can change. `work` is the call without any effect. */
type Call = {
  kind: CallKind;
  /** The clock of the host that was called. */
  now: () => number;
  work: () => Reply;
  revokeTokens: () => void;
  skewClock: (seconds: number) => void;
  tasks: Pick<ReturnType<typeof createExportTasks>, 'planNext' | 'rename'>;
  closing: AbortSignal;
};

/** Makes the reply to a call under an effect. `cut`: the connection is to be closed without an answer. */
export async function inject(effect: Effect, call: Call): Promise<Reply | 'cut'> {
  if (effect.type === 'slow') return await slowly(effect.milliseconds, call);
  prepare(effect, call);
  return replace(effect, call) ?? change(effect, call.work(), call);
}

async function slowly(milliseconds: number, { work, closing }: Call): Promise<Reply | 'cut'> {
  const reply = work();
  const isOver = await setTimeout(milliseconds, true, { signal: closing }).catch(() => false);
  return isOver ? reply : 'cut';
}

/** The effects that change the state of the cloud before the call. */
function prepare(effect: Effect, { revokeTokens, skewClock, tasks }: Call): void {
  if (effect.type === 'revoke_tokens') revokeTokens();
  if (effect.type === 'clock_skew') skewClock(effect.seconds);
  const outcome = plannedOutcome(effect);
  if (outcome) tasks.planNext(outcome);
}

function plannedOutcome(effect: Effect): PlannedOutcome | undefined {
  switch (effect.type) {
    case 'fail_task': {
      const { reason, error_code: code, after_seconds: creatingSeconds } = effect;
      return { failure: { reason, code }, creatingSeconds };
    }
    case 'expire_task':
      return { expiresAfterSeconds: effect.after_seconds };
    case 'slow_task':
      return { creatingSeconds: effect.seconds };
    default:
      return undefined;
  }
}

/** The effects that replace the call. */
function replace(effect: Effect, { kind, now, work }: Call): Reply | 'cut' | undefined {
  switch (effect.type) {
    case 'throttle':
      return throttledReply(kind, effect, now());
    case 'status':
      return errorReply(kind, effect, now());
    case 'cut':
      if (effect.when === 'after') work();
      return 'cut';
    case 'page':
      return middleboxPage(effect);
    case 'wrong_host':
      return unknownApi('as the scenario says');
    case 'forbidden':
      return forbiddenReply(kind);
    case 'error_code_in_200':
      return jsonReply(200, { error_code: 'WKS.00211401', error_msg: 'The system is abnormal.' });
    case 'empty_task_id':
      return jsonReply(200, { task_id: '' });
    default:
      return undefined;
  }
}

/** The effects that change the reply of the call. */
function change(effect: Effect, reply: Reply, { tasks }: Call): Reply {
  switch (effect.type) {
    case 'wrong_json':
      return { ...reply, body: reply.body.slice(0, -2) };
    case 'encoded':
      return { ...reply, encoding: { name: effect.encoding, isDamaged: effect.damaged } };
    case 'export_reply':
      return changeExportReply(reply, effect, tasks.rename);
    default:
      return reply;
  }
}

/** Changes the reply to an accepted export. The reply to a rejected export is not changed. */
function changeExportReply(
  reply: Reply,
  changes: Extract<Effect, { type: 'export_reply' }>,
  rename: (id: string, newId: string) => void,
): Reply {
  if (reply.status !== 200) return reply;
  const id = String(JSON.parse(reply.body).task_id);
  const length = changes.task_id_length;
  const newId = length === undefined ? id : id.repeat(Math.ceil(length / id.length)).slice(0, length);
  if (newId !== id) rename(id, newId);
  const error = changes.error_code && {
    error_code: changes.error_code,
    error_msg: 'The system is abnormal.',
  };
  const body = { task_id: changes.task_id ?? newId, ...(error || {}) };
  return jsonReply(changes.status, body, { note: `task ${newId}` });
}
