import type { TargetRow } from '../../domain/ledger/target-row.ts';
import type { WindowEntry } from '../../domain/ledger/window-row.ts';
import { type Instant, isBefore } from '../../domain/time/instant.ts';
import { oldestExportable } from '../../domain/time/retention.ts';
import { parseSchedule } from '../../domain/time/schedule.ts';
import { type Span, spanName } from '../../domain/time/spans.ts';
import { cutIntoWindows } from '../../domain/time/windows.ts';
import type { RunPorts, ServicePorts } from '../../run-ports.ts';
import type { Moment } from '../clock/moment.ts';
import { type Confirmation, confirmTasks } from '../confirmation/confirm.ts';
import type { TaskSearch } from '../confirmation/find-tasks.ts';
import { currentWindow, firingUntil } from '../coverage/due.ts';
import { initCoverage, type RunScope } from '../coverage/init-coverage.ts';
import { markLost } from '../coverage/mark-lost.ts';
import { readOrRebuild } from '../coverage/rebuild-target.ts';
import type { RowPorts } from '../coverage/target-row-store.ts';
import { loadTargetState } from '../coverage/target-state.ts';
import type { HostHealth } from '../vendor/host-health.ts';
import { targetApi } from '../vendor/target-api.ts';
import { untilNoTaskRuns } from '../vendor/wait-until-free.ts';
import type { TargetInput } from '../window/input.ts';
import { knownTasks } from '../window/known-tasks.ts';
import { deferredBecause, type WindowResult } from '../window/outcome.ts';
import { reportDeferred, reportFailed } from '../window/report-outcome.ts';
import { closeTarget } from './close-target.ts';
import { listDownSince } from './list-outage.ts';
import { workInPasses } from './passes.ts';
import { repairPremature, repairUnreadable } from './repair.ts';
import type { Progress, RunShare } from './run-input.ts';
import { keepTargetRow } from './unreported.ts';

type Work = {
  share: RunShare;
  moment: Moment;
  health: HostHealth;
  search: TaskSearch;
};

/**
 * The work of a run on one target's scheduled windows, once the target's time is known: confirms tasks, orders windows,
 * records losses and moves coverage on.
 */
export async function processScheduledWindows(
  service: ServicePorts,
  { share, moment, health, search }: Work,
  { signal, add: addResults }: Progress,
): Promise<void> {
  const { target } = share;
  const { reported, add } = trackReported(addResults);
  const { ledger, observe } = service;
  const rowPorts: RowPorts = { ledger, observe, clock: moment.clock };
  const stored = await readOrRebuild(rowPorts, target);
  const { input, scope } = resolveRun(share, moment, stored);

  const found = await loadTargetState(ledger, target, { scope, stored });
  if (!found) return addClockError(rowPorts, { input, moment }, add);
  const readable = { ...found, entries: await repairUnreadable(rowPorts, found.entries) };
  const repaired = await repairPremature(rowPorts, target, { found: readable, scope });
  // Only after the repair: a coverage that has to move back is the only sign that a repair is needed.
  const initial = await initCoverage(rowPorts, target, { scope, stored });
  if (!initial) return addClockError(rowPorts, { input, moment }, add);

  const { note, bind, ...kept } = keepTargetRow(rowPorts, target, initial);
  const bound = targetApi(service.api, { target, projectId: stored?.projectId, bind, health });
  const known = knownTasks(rowPorts);
  known.note(found.entries);
  const ports: RunPorts = { ...service, api: known.refuse(bound.api), clock: moment.clock };
  const { entries, ...list } = await confirm(
    ports,
    { input, moment, entries: repaired, note, search },
    { signal, add },
  );
  const state = { content: kept.row(), entries };
  const first = await workInPasses(
    ports,
    { input, scope, moment, state, sweep: share.sweep },
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
  const row = kept.row();
  const facts = {
    aheadSeconds: offsetOf(moment, row.clockOffsetSeconds),
    listDownSince: listDownSince(row, list, moment.clock()),
  };
  const closing = { reported, facts, unreported: kept.unreported(), outage: list.outage };
  add(await closeTarget(ports, { target, scope, row }, closing));
  addClockError(ports, { input, moment }, add);
}

/** Adds results, and keeps the names of the windows that are reported as failed or lost. */
function trackReported(addResults: Progress['add']): { reported: Set<string>; add: Progress['add'] } {
  const reported = new Set<string>();
  const add: Progress['add'] = (results) => {
    for (const { window, result } of results)
      if (ENDS_BADLY.includes(result.outcome)) reported.add(spanName(window));
    addResults(results);
  };
  return { reported, add };
}

/** Outcomes that are reported at least once, even where a run dies. */
const ENDS_BADLY: readonly string[] = ['failed', 'lost'];

function resolveRun(
  { target, sweep, trigger }: RunShare,
  moment: Moment,
  stored: TargetRow | undefined,
): { input: TargetInput; scope: RunScope } {
  const scheduledTime = sweep ? firingUntil(target, stored, moment.scheduledTime) : moment.scheduledTime;
  const at = scheduledTime ?? moment.scheduledTime;
  const input = { target, scheduledTime: at, trigger: { ...trigger, scheduled_time: at.toString() } };
  const firedAt = !sweep && parseSchedule(target.schedule)?.kind === 'rate' ? at : undefined;
  const current = scheduledTime && currentWindow(input);
  const { isVerified, aheadSeconds } = moment;
  return {
    input,
    scope: { current, isSweep: sweep, now: moment.clock(), isVerified, aheadSeconds, firedAt },
  };
}

type Confirming = {
  input: TargetInput;
  moment: Moment;
  entries: WindowEntry[];
  note: (windows: readonly Span[]) => Promise<void>;
  search: TaskSearch;
};

// A host whose time is disputed, or that does not answer, gets no more calls.
async function confirm(
  ports: RunPorts,
  { input: { target }, moment, entries, note, search }: Confirming,
  { signal, add }: Progress,
): Promise<Omit<Confirmation, 'verdicts'>> {
  if (!moment.mayOrder) return { entries, isAnswered: false };
  const cutoff = moment.isVerified ? oldestExportable(moment.clock()) : undefined;
  const { verdicts, ...found } = await confirmTasks(
    ports,
    { target, entries, cutoff, beforeFinal: note, search },
    signal,
  );
  add(verdicts);
  const { outage: _, ...known } = found;
  // Our own clock cannot show how long the list has been down, or how long Huawei keeps what is unconfirmed.
  return moment.isVerified ? found : known;
}

/** Windows that are due at the requested time and not at the earlier time that a run without Huawei's time goes by. */
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
  const outcome = deferredBecause('the time at Huawei is not known for sure');
  return reportDeferred(ports.observe, target.id, { windows, outcome });
}

/** Adds the failure of the run's clock, where there is one. Other failures are added where they occur. */
function addClockError(
  { observe }: Pick<RunPorts, 'observe'>,
  { input, moment: { error } }: { input: TargetInput; moment: Moment },
  add: Progress['add'],
): void {
  if (!error) return;
  add([reportFailed(observe, { targetId: input.target.id, window: currentWindow(input), error })]);
}

function offsetOf({ isVerified, aheadSeconds }: Moment, before: number | undefined): number | undefined {
  return isVerified ? aheadSeconds : before;
}
