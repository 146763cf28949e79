import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evenDay, flood, repeatedFindings } from './alerts/alert-days.ts';
import { alertLines } from './alerts/alerts.ts';
import { requestPlanningLines } from './alerts/request-planning.ts';
import { planningLines } from './planning/planning.ts';
import { startUpLines } from './start-up.ts';
import { targetLines } from './targets/targets.ts';

/*
 * The output are ratios of work that was measured in turns in this run. Times and megabytes are of this machine.
 *
 * start-up   a process that imports the bundle, against one that does nothing; and the size of the function's zip
 * planning   a target with 30 days of windows of 15 minutes: reading its rows, assessing them and planning, as the CPU
 *            time of the process (median of 15; DynamoDB's stand-in runs in another). Once nothing is covered because of
 *            a gap at the beginning, so that all rows are read; once all but the last hour is known to be covered.
 *            Requests are one for the target's own row and one for each page of the list.
 * exporting  one daily window each of so many targets in one process, every one with a user and a project of its own:
 *            a token call and an export call, eight at once, and five durable writes to SQLite. Against a loop that
 *            makes the same calls with undici, eight at once, and nothing else; the cloud is the emulator, in another
 *            process. The peak memory is that of the whole process, Node and what it loaded included. The last lines
 *            are for a cloud that takes 10 ms to answer, which is still nearer than any real one.
 * alerts     days of alerts, one after the other on SQLite, with a sweep every 15 minutes and 12 exports an hour; the clock
 *            is made to run. How many exports they led to, how long it took until exports had all that an alert had
 *            seen, how often the ledger was called (sweeps included), and what an alert costs, also when thousands came
 *            before it: CPU of the whole process, the emulator in it. Last, what planning for the open requests of a
 *            storm takes in a process of its own: its CPU, and by how much its memory grew.
 */
const folder = mkdtempSync(join(tmpdir(), 'login-export-bench-'));
try {
  print(await startUpLines(folder));
  print(await planningLines(folder, 2_880));
  print(await targetLines({ sizes: [10, 100, 1_000], answerMilliseconds: 0, rounds: 3 }));
  print(await targetLines({ sizes: [1_000], answerMilliseconds: 10, rounds: 3 }));
  for (const day of [evenDay(10_000), flood(10_000), repeatedFindings(10)])
    print(await alertLines(folder, day));
  print(await requestPlanningLines({ requests: 10_000, addresses: 2_000, exports: 300 }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
