import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alertLines } from './alerts.ts';
import { planningLines } from './planning.ts';
import { startUpLines } from './start-up.ts';
import { targetLines } from './targets.ts';

/*
 * What is printed are ratios of things measured in turns in this one run; times and megabytes are for this machine alone.
 *
 * start-up   a process that imports the bundle, against one that does nothing; and the size of the function's zip
 * planning   a target with 30 days of windows of 15 minutes: reading its rows, surveying them and planning, as the CPU
 *            time of the process (median of 15; DynamoDB's stand-in runs in another). Once nothing is covered because of
 *            a hole at the beginning, so that all rows are read; once all but the last hour is known to be covered.
 *            Requests are one for the target's own row and one for each page of the list.
 * exporting  one daily window each of so many targets in one process, every one with a user and a project of its own:
 *            a token call and an export call, eight at once, and five durable writes to SQLite. Against a loop that
 *            makes the same calls with undici, eight at once, and nothing else; the cloud is the emulator, in another
 *            process. The peak memory is that of the whole process, Node and what it loaded included. The last lines
 *            are for a cloud that takes 10 ms to answer, which is still nearer than any real one.
 * alerts     a day of 10,000 alerts about 50 addresses, one after the other on SQLite, with the hourly sweep; the clock is
 *            made to run. How many exports they led to, and what an alert costs when thousands came before it.
 */
const folder = mkdtempSync(join(tmpdir(), 'login-export-bench-'));
try {
  print(await startUpLines(folder));
  print(await planningLines(folder, 2_880));
  print(await targetLines({ sizes: [10, 100, 1_000], answerMilliseconds: 0, rounds: 3 }));
  print(await targetLines({ sizes: [1_000], answerMilliseconds: 10, rounds: 3 }));
  print(await alertLines(folder, 10_000));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
