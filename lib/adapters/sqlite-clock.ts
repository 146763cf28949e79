import { openDatabase } from './sqlite-database.ts';

/** Whose time a state file was written by: the real one, or one that a person set for a rehearsal. */
export type StateClock = 'real' | 'rehearsal';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS state_clock (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    clock TEXT NOT NULL
  ) STRICT`;

/** Notes by whose time a state file is written, if that is not noted yet. Resolves to what is noted. */
export function noteStateClock(file: string, clock: StateClock): StateClock {
  const database = openDatabase(file, SCHEMA);
  try {
    database.prepare('INSERT INTO state_clock VALUES (1, :clock) ON CONFLICT DO NOTHING').run({ clock });
    return database.prepare('SELECT clock FROM state_clock').get()?.['clock'] === 'rehearsal'
      ? 'rehearsal'
      : 'real';
  } finally {
    database.close();
  }
}
