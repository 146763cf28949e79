import { setTimeout } from 'node:timers/promises';
import type { createExportTasks, Fate } from '../exports/export-tasks.ts';
import type { Host } from '../server/hosts.ts';
import { jsonReply, type Reply } from '../server/reply.ts';
import { type CallKind, unknownApi } from '../server/routes.ts';
import { timeFrom } from './attack.ts';
import { changeExportReply } from './export-reply.ts';
import { brokenReply, forbiddenReply, throttledReply } from './failures.ts';
import { middleboxPage } from './middlebox-page.ts';
import type { Effect, Step } from './scenario.ts';

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

/** Walks through the steps of a scenario, none at first: each call takes what is meant for it and uses it up. */
export function createScenarioPlayer() {
  let steps: ReturnType<typeof remaining> = [];

  return {
    next: (call: { kind: CallKind; host: Host; now: number }): Effect => {
      const step = steps.find((one) => one.left > 0 && isFor(one, call));
      if (!step) return { type: 'pass' };
      step.left -= 1;
      return step.effect;
    },
    /** Begins anew with other steps, whose distances count from `startedAt`. */
    play: (replacement: readonly Step[], startedAt: number): void => {
      steps = remaining(replacement, startedAt);
    },
  };
}

type Remaining = ReturnType<typeof remaining>[number];

function isFor(
  { on, host, from, to }: Remaining,
  call: { kind: CallKind; host: Host; now: number },
): boolean {
  const isKind = on === call.kind || on === 'any';
  return isKind && (host ?? call.host) === call.host && from <= call.now && call.now < to;
}

function remaining(steps: readonly Step[], startedAt: number) {
  return steps.map(({ on, host, times, effect, from, to }) => ({
    on,
    effect,
    left: times === 'always' ? Number.POSITIVE_INFINITY : times,
    host,
    from: from === undefined ? Number.NEGATIVE_INFINITY : timeFrom(from, startedAt),
    to: to === undefined ? Number.POSITIVE_INFINITY : timeFrom(to, startedAt),
  }));
}

/** What an effect has in store for the next task, if anything. */
function taskFate(effect: Effect): Fate | undefined {
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
