import { setTimeout } from 'node:timers/promises';
import { jsonReply, type Reply } from './reply.ts';
import { type CallKind, unknownApi } from './routes.ts';
import type { Effect } from './scenario.ts';
import { brokenReply, forbiddenReply, throttledReply } from './trouble.ts';

/** What an effect may reach for. `work` is the call itself, without any trouble. */
type Stage = {
  kind: CallKind;
  /** The server's clock. */
  now: () => number;
  work: () => Reply;
  revokeTokens: () => void;
  skewClock: (seconds: number) => void;
  failNextTask: (reason: string, code: string) => void;
  closing: AbortSignal;
};

/** Lets a call meet its effect. */
export async function perform(effect: Effect, stage: Stage): Promise<Reply | 'cut'> {
  if (effect.type === 'slow') return await slowly(effect.milliseconds, stage);
  return replace(effect, stage) ?? change(effect, stage);
}

async function slowly(milliseconds: number, { work, closing }: Stage): Promise<Reply | 'cut'> {
  const reply = work();
  const isOver = await setTimeout(milliseconds, true, { signal: closing }).catch(() => false);
  return isOver ? reply : 'cut';
}

/** The effects that stand in the place of the call. */
function replace(effect: Effect, { kind, now, work }: Stage): Reply | 'cut' | undefined {
  switch (effect.type) {
    case 'throttle':
      return throttledReply(kind, effect, now());
    case 'status':
      return brokenReply(kind, effect.status);
    case 'cut':
      if (effect.when === 'after') work();
      return 'cut';
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

/** The effects that change the cloud, or the call's reply. */
function change(effect: Effect, { work, ...stage }: Stage): Reply {
  switch (effect.type) {
    case 'revoke_tokens':
      stage.revokeTokens();
      return work();
    case 'clock_skew':
      stage.skewClock(effect.seconds);
      return work();
    case 'fail_task':
      stage.failNextTask(effect.reason, effect.error_code);
      return work();
    case 'wrong_json': {
      const reply = work();
      return { ...reply, body: reply.body.slice(0, -2) };
    }
    default:
      return work();
  }
}
