import { randomUUID } from 'node:crypto';
import type { Alert } from '../../domain/alert.ts';
import type { AlertRecord } from '../../domain/alert-book.ts';
import { InfrastructureError } from '../../domain/errors.ts';
import type { RunPorts } from '../run-ports.ts';

/** How many tasks the record of an alert keeps; one of weeks would else name hundreds. */
const TASKS = 100;

// Each refusal means that another run has just written the record.
const TRIES = 5;

/** Notes in the ledger what an alert asked for, and which tasks covered part of it already. */
export async function linkAlert(
  { ledger, clock }: RunPorts,
  targetId: string,
  { alert, asked, tasks }: { alert: Alert; asked: AlertRecord['asked']; tasks: readonly string[] },
): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const found = await ledger.findAlert(targetId, alert.id);
    const all = [...new Set([...(found?.tasks ?? []), ...tasks])].slice(-TASKS);
    const content = { source: alert.source, types: alert.types, asked, tasks: all };
    if (found && isSame(found, content)) return;
    const named = { targetId, alertId: alert.id, version: (found?.version ?? 0) + 1, writeId: randomUUID() };
    if (await ledger.saveAlert({ ...named, ...content, updatedAt: clock() })) return;
  }
  throw new InfrastructureError(
    `Could not write alert ${alert.id} of target ${targetId}: others keep writing it.`,
  );
}

function isSame(
  found: AlertRecord,
  { source, types, asked, tasks }: Omit<AlertRecord, keyof Named>,
): boolean {
  const text = (content: unknown) => JSON.stringify(content);
  return text([found.source, found.types, found.asked, found.tasks]) === text([source, types, asked, tasks]);
}

type Named = Pick<AlertRecord, 'targetId' | 'alertId' | 'version' | 'writeId' | 'updatedAt'>;
