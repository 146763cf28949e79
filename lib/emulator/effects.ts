import { setTimeout } from 'node:timers/promises';
import { changeExportReply } from './export-reply.ts';
import type { createExportTasks } from './export-tasks.ts';
import { middleboxPage } from './middlebox-page.ts';
import { jsonReply, type Reply } from './reply.ts';
import { type CallKind, unknownApi } from './routes.ts';
import type { Effect } from './scenario.ts';
import { taskFate } from './task-fate.ts';
import { brokenReply, forbiddenReply, throttledReply } from './trouble.ts';

/** What an effect may reach for. `work` is the call itself, without any trouble. */
type Stage = {
  kind: CallKind;
  /** The clock of the host that was called. */
  now: () => number;
  work: () => Reply;
  revokeTokens: () => void;
  skewClock: (seconds: number) => void;
  tasks: Pick<ReturnType<typeof createExportTasks>, 'setNextFate' | 'rename'>;
  closing: AbortSignal;
};

/** Lets a call meet its effect. */
export async function perform(effect: Effect, stage: Stage): Promise<Reply | 'cut'> {
  if (effect.type === 'slow') return await slowly(effect.milliseconds, stage);
  prepare(effect, stage);
  return replace(effect, stage) ?? change(effect, stage.work(), stage);
}

async function slowly(milliseconds: number, { work, closing }: Stage): Promise<Reply | 'cut'> {
  const reply = work();
  const isOver = await setTimeout(milliseconds, true, { signal: closing }).catch(() => false);
  return isOver ? reply : 'cut';
}

/** The effects that change the cloud before the call. */
function prepare(effect: Effect, { revokeTokens, skewClock, tasks }: Stage): void {
  if (effect.type === 'revoke_tokens') revokeTokens();
  if (effect.type === 'clock_skew') skewClock(effect.seconds);
  const fate = taskFate(effect);
  if (fate) tasks.setNextFate(fate);
}

/** The effects that stand in the place of the call. */
function replace(effect: Effect, { kind, now, work }: Stage): Reply | 'cut' | undefined {
  switch (effect.type) {
    case 'throttle':
      return throttledReply(kind, effect, now());
    case 'status':
      return brokenReply(kind, effect, now());
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

/** The effects that change the call's reply. */
function change(effect: Effect, reply: Reply, { tasks }: Stage): Reply {
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
