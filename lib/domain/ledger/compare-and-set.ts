import { randomUUID } from 'node:crypto';
import { InfrastructureError } from '../errors.ts';
import type { Instant } from '../time/instant.ts';

/**
 * The row as its next write, which is accepted only on top of the version that the row has now. The write has a name
 * of its own, so that one repeated by the network is recognised.
 */
export function nextVersion<Row extends { version: number }>(row: Row, now: Instant) {
  return { ...row, version: row.version + 1, writeId: randomUUID(), updatedAt: now };
}

type Loop<Row, Next extends Row> = {
  /** What was read of the row a moment ago. */
  found: Row;
  /** The row to write instead of what was found; undefined where that may stay. */
  decide: (found: Row) => Next | undefined | Promise<Next | undefined>;
  /** False when the row has changed since it was read. */
  write: (next: Next) => Promise<boolean>;
  read: () => Promise<Row>;
  /** What errors call the row, such as `the row of target acme`. */
  name: string;
};

// Each refusal means that another run has just written the row.
const TRIES = 5;

/**
 * Reads, decides, and writes if the row is still as it was read; else does so again. Resolves to the row as it then is.
 * Throws an `InfrastructureError` where others keep writing the row, and what the functions throw.
 */
export async function compareAndSet<Row, Next extends Row>(loop: Loop<Row, Next>): Promise<Row> {
  let { found } = loop;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const next = await loop.decide(found);
    if (next === undefined || (await loop.write(next))) return next ?? found;
    found = await loop.read();
  }
  throw new InfrastructureError(`Could not write ${loop.name}: others keep writing it.`);
}
