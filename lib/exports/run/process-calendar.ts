import type { TargetRow } from '../../domain/ledger/target-row.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import { type Instant, isBefore } from '../../domain/time/instant.ts';
import { oldestExportable } from '../../domain/time/retention.ts';
import { parseSchedule } from '../../domain/time/schedule.ts';
import { type Span, spanName } from '../../domain/time/spans.ts';
import { cutIntoWindows } from '../../domain/time/windows.ts';
import type { RunPorts, ServicePorts } from '../../run-ports.ts';
import { type Confirmation, confirmTasks } from '../confirmation/confirm.ts';
import { markLost } from '../coverage/mark-lost.ts';
import type { Opening } from '../coverage/opening.ts';
import { currentWindow } from '../coverage/plan.ts';
import { readOrRebuild } from '../coverage/rebuild-target.ts';
import { loadTargetState } from '../coverage/state.ts';
import { initCoverage } from '../coverage/target-row.ts';
import { reportDeferred } from '../window/jobs.ts';
import { knownTasks } from '../window/known-tasks.ts';
import { deferredBecause, type TargetInput } from '../window/outcome.ts';
import type { WindowResult } from '../window/report.ts';
import { untilNoTaskRuns } from './bound-work.ts';
import { closeTarget, untoldNotes } from './close.ts';
import { type HostHealth, targetApi } from './host-health.ts';
import { listDownSince } from './list-outage.ts';
import { firingUntil, type Moment } from './moment.ts';
import { workInPasses } from './passes.ts';
import { repairPremature, repairUnreadable } from './repair.ts';
import type { Progress, RunShare } from './share.ts';

type Work = { share: RunShare; moment: Moment; health: HostHealth };

/** Outcomes that people are told of at least once. */
const ENDS_BADLY: readonly string[] = ['failed', 'lost'];

/** The nightly work on one target, once it is known what time it is there. */
export async function processCalendar(
  service: ServicePorts,
  { share, moment, health }: Work,
  { signal, add: report }: Progress,
): Promise<void> {
  const { target } = share;
  const { told, add } = noting(report);
  const stored = await readOrRebuild({ ...service, clock: moment.clock }, target);
  const { input, asked } = resolveRun(share, moment, stored);
  const bound = targetApi(service.api, {
    target,
    projectId: stored?.projectId,
    bind: (projectId) => notes.bind(projectId),
    health,
  });
  const known = knownTasks({ ledger: service.ledger, clock: moment.clock });
  const ports: RunPorts = { ...service, api: known.refuse(bound.api), clock: moment.clock };

  const found = await loadTargetState(service.ledger, target, { asked, stored });
  if (!found) return addError(ports, { input, moment }, add);
  known.note(found.entries);
  const readable = { ...found, entries: await repairUnreadable(ports, found.entries) };
  const repaired = await repairPremature(ports, target, { found: readable, asked });
  // Only now: coverage that goes back is the one sign that there was something to repair.
  const opened = await initCoverage(ports, target, { asked, stored });
  if (!opened) return addError(ports, { input, moment }, add);
  const { note, ...notes } = untoldNotes(ports, target, opened);

  const { entries, ...list } = await confirmed(
    ports,
    { input, moment, entries: repaired, note },
    { signal, add },
  );
  const state = { content: notes.row(), entries };
  const first = await workInPasses(
    ports,
    { input, asked, moment, state, sweep: share.sweep },
    {
      signal,
      add,
      hold: bound.hold,
      untilFree: () => untilNoTaskRuns({ api: bound.api, wait: service.wait }, target, signal),
      waitForOthers: service.waitForOthers,
    },
  );
  const wanted = share.sweep ? firingUntil(target, stored, moment.requested) : moment.requested;
  add(deferredByClock(ports, input, { moment, wanted }));
  if (moment.isVerified) {
    if (!signal.aborted) await note(first.pastCutoff);
    const lost = await markLost(ports, input, { entries, pastCutoff: first.pastCutoff }, signal);
    add(lost.map((window) => ({ window, result: { outcome: 'lost' } })));
  }
  const row = notes.row();
  const learnt = {
    aheadSeconds: offsetOf(moment, row.clockOffsetSeconds),
    listDownSince: listDownSince(row, list, moment.clock()),
  };
  add(
    await closeTarget(
      ports,
      { target, asked, row },
      { told, learnt, untold: notes.untold(), outage: list.outage },
    ),
  );
  addError(ports, { input, moment }, add);
}

/** Reports results, and keeps the windows that ended badly. */
function noting(report: Progress['add']): { told: Set<string>; add: Progress['add'] } {
  const told = new Set<string>();
  const add: Progress['add'] = (results) => {
    for (const { window, result } of results)
      if (ENDS_BADLY.includes(result.outcome)) told.add(spanName(window));
    report(results);
  };
  return { told, add };
}

function resolveRun(
  { target, sweep, trigger }: RunShare,
  moment: Moment,
  stored: TargetRow | undefined,
): { input: TargetInput; asked: Opening } {
  const scheduledTime = sweep ? firingUntil(target, stored, moment.scheduledTime) : moment.scheduledTime;
  const stands = scheduledTime ?? moment.scheduledTime;
  const input = {
    target,
    scheduledTime: stands,
    trigger: { ...trigger, scheduled_time: stands.toString() },
  };
  const firedAt = !sweep && parseSchedule(target.schedule)?.kind === 'rate' ? stands : undefined;
  const own = scheduledTime && currentWindow(input);
  const { isVerified, aheadSeconds } = moment;
  return { input, asked: { own, isSweep: sweep, now: moment.clock(), isVerified, aheadSeconds, firedAt } };
}

type Confirming = {
  input: TargetInput;
  moment: Moment;
  entries: WindowEntry[];
  note: (windows: readonly Span[]) => Promise<void>;
};

// A host whose time is denied, or that does not answer, is asked nothing more.
async function confirmed(
  ports: RunPorts,
  { input: { target }, moment, entries, note }: Confirming,
  { signal, add }: Progress,
): Promise<Omit<Confirmation, 'verdicts'>> {
  if (!moment.mayOrder) return { entries, isAnswered: false };
  const cutoff = moment.isVerified ? oldestExportable(moment.clock()) : undefined;
  const { verdicts, ...found } = await confirmTasks(
    ports,
    { target, entries, cutoff, beforeFinal: note },
    signal,
  );
  add(verdicts);
  const { outage: _, ...known } = found;
  // By a clock of ours nobody can say for how long the list has been down, nor how long Huawei keeps what is unconfirmed.
  return moment.isVerified ? found : known;
}

/** What was due at the time that was wanted and is not by the time that the run goes by, because nobody confirms that one. */
function deferredByClock(
  ports: RunPorts,
  { target, scheduledTime }: TargetInput,
  { moment, wanted }: { moment: Moment; wanted: Instant | undefined },
): WindowResult[] {
  if (moment.isVerified || !wanted) return [];
  const until = currentWindow({ target, scheduledTime: wanted }).end;
  const from = currentWindow({ target, scheduledTime }).end;
  const spans: Span[] = isBefore(from, until) ? [{ start: from, end: until }] : [];
  const windows = cutIntoWindows(target.window, spans);
  const outcome = deferredBecause('nobody can say for sure what time it is at Huawei');
  return reportDeferred(ports.observe, target.id, { windows, outcome });
}

function addError(
  { observe }: RunPorts,
  { input, moment: { error } }: { input: TargetInput; moment: Moment },
  add: Progress['add'],
): void {
  if (!error) return;
  const window = currentWindow(input);
  observe({ type: 'window_failed', targetId: input.target.id, window, error });
  add([{ window, result: { outcome: 'failed', error } }]);
}

function offsetOf({ isVerified, aheadSeconds }: Moment, before: number | undefined): number | undefined {
  return isVerified ? aheadSeconds : before;
}
