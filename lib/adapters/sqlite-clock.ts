import { type Database, withDatabase } from './sqlite.ts';

/** Whose time a state file was written by: the real one, or one that a person set for a rehearsal. */
export type StateClock = 'real' | 'rehearsal';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS state_clock (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    clock TEXT NOT NULL
  ) STRICT`;

/**
 * Notes by whose time a state file is written, if that is not noted yet, and returns what is noted. A file that has rows
 * and no note is real: it was written before there were notes, and must not become a rehearsal's by being opened once.
 * Throws an `InfrastructureError`.
 */
export function noteStateClock(file: string, clock: StateClock): StateClock {
  return withDatabase(file, SCHEMA, (database) => {
    const note = hasRows(database) ? 'real' : clock;
    database
      .prepare('INSERT INTO state_clock VALUES (1, :clock) ON CONFLICT DO NOTHING')
      .run({ clock: note });
    return database.prepare('SELECT clock FROM state_clock').get()?.['clock'] === 'rehearsal'
      ? 'rehearsal'
      : 'real';
  });
}

// Of whatever tables there are; the note's own does not count.
function hasRows(database: Database): boolean {
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    .all()
    .map(({ name }) => String(name));
  return tables
    .filter((name) => name !== 'state_clock')
    .some((name) => database.prepare(`SELECT 1 FROM "${name}" LIMIT 1`).get() !== undefined);
}
