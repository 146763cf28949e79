#!/usr/bin/env node
import { runCli } from './run-cli.ts';

const stop = new AbortController();
// Once: a second Ctrl-C ends the process at once, as people expect.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(signal));

const { stdout, stderr } = process;
process.exitCode = await runCli(process.argv.slice(2), { stdout, stderr, signal: stop.signal });
