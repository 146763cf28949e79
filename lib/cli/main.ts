#!/usr/bin/env node
import { runCli } from './run-cli.ts';
import { watchOutput } from './watch-output.ts';

const stop = new AbortController();
// Only the first Ctrl-C: a second one ends the process at once, as people expect.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(signal));

const { stdout, stderr } = process;
const output = watchOutput({ stdout, stderr });

process.exitCode = await runCli(process.argv.slice(2), {
  stdout,
  stderr,
  signal: stop.signal,
  outputClosed: output.outputClosed,
  environment: process.env,
  stdin: () => process.stdin,
});
// At the very end, because a pipe reports late that it cannot be written.
process.on('exit', (status) => {
  process.exitCode = output.statusAfter(status);
});
