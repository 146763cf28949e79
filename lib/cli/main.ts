#!/usr/bin/env node
import { runCli } from './run-cli.ts';

const stop = new AbortController();
// Once: a second Ctrl-C ends the process at once, as people expect.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(signal));

const { stdout, stderr } = process;
const readerGone = new AbortController();
// A reader that went away (`| head`) is no reason to leave a window half done, but one to end what only shows.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    readerGone.abort();
  });
}

process.exitCode = await runCli(process.argv.slice(2), {
  stdout,
  stderr,
  signal: stop.signal,
  readerGone: readerGone.signal,
  environment: process.env,
});
