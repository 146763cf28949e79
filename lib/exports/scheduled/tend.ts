import { asExportError } from '../../domain/errors.ts';
import { serveAlerts } from '../alerts/serve-alerts.ts';
import { confirmTasks } from '../confirmation/confirm.ts';
import { reportTarget, type TargetReport, type WindowResult } from '../report.ts';
import type { RunPorts } from '../run-ports.ts';
import type { TargetDemand } from '../window/window-demand.ts';
import { TIME_OVER } from '../window/window-outcome.ts';
import { tellCoverage } from './coverage.ts';
import { jobsOf, takenCareOf } from './jobs.ts';
import { type Found, look, surveyNow } from './look.ts';
import { ownWindow } from './plan.ts';
import { recordLoss } from './record-loss.ts';
import { advance, openTarget } from './target-row.ts';
import { tellOutcome, workThrough } from './work-through.ts';

/**
 * Brings one target as far as it goes: asks what became of its tasks, writes down what can no longer be exported,
 * finishes what a crash left, orders what is to be ordered, oldest first, and moves its coverage on; then does what is
 * due for its alerts. Never throws; what fails is in the report.
 */
export async function tendTarget(
  ports: RunPorts,
  demand: TargetDemand,
  signal: AbortSignal,
): Promise<TargetReport> {
  const results: WindowResult[] = [];
  const add = (...more: WindowResult[]) => void results.push(...more);
  const works = [
    () => tend(ports, demand, { signal, add }),
    async () => add(...(signal.aborted ? [] : await serveAlerts(ports, demand.target, signal))),
  ];
  for (const work of works) {
    try {
      await work();
    } catch (thrown) {
      const [window, error] = [ownWindow(demand), asExportError(thrown)];
      ports.observe({ type: 'window_failed', targetId: demand.target.id, window, error });
      add({ window, result: { outcome: 'failed', error } });
    }
  }
  return reportTarget(demand.target.id, results);
}

type Progress = { signal: AbortSignal; add: (...results: WindowResult[]) => void };

async function tend(ports: RunPorts, demand: TargetDemand, { signal, add }: Progress): Promise<void> {
  if (signal.aborted) return add(...leftAlone(ports, demand));
  const found = await lookAndOpen(ports, demand);
  if (!found) return;
  const { target } = demand;
  const { entries, verdicts } = await confirmTasks(ports, target, found.entries, signal);
  add(...verdicts);
  const seen = surveyNow(ports, demand, { ...found, entries });
  add(...(await recordLoss(ports, demand, { entries, beyond: seen.beyond }, signal)));
  const jobs = jobsOf(ports, demand, seen, signal);
  ports.observe({ type: 'target_planned', targetId: target.id, windows: jobs.length });
  const taken = takenCareOf(demand, seen);
  for (const one of taken) tellOutcome(ports.observe, target.id, one);
  add(...taken, ...(await workThrough(ports, target.id, jobs, signal)));
  await close(ports, demand, (await lookAndOpen(ports, demand)) ?? found);
}

// A run whose time is over has none to look at the ledger either; its own window stands for all there may be.
function leftAlone({ observe }: RunPorts, demand: TargetDemand): WindowResult[] {
  observe({ type: 'windows_left', targetId: demand.target.id, windows: 1 });
  return [{ window: ownWindow(demand), result: TIME_OVER }];
}

function lookAndOpen(ports: RunPorts, demand: TargetDemand): Promise<Found | undefined> {
  return look(ports.ledger, demand, () => openTarget(ports, demand.target, ownWindow(demand)));
}

async function close(ports: RunPorts, demand: TargetDemand, found: Found): Promise<void> {
  const seen = surveyNow(ports, demand, found);
  const record = await advance(ports, found.record, seen);
  await tellCoverage(ports, demand.target, { record, seen });
}
