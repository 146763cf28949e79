import type { Command } from 'commander';
import type { Screen } from '../output/screen.ts';

/** What a command gets: where to write, when to stop, and how to set its exit status. */
export type CommandContext = {
  screen: Screen;
  /** Aborted when a person wants the command to stop. */
  signal: AbortSignal;
  /** Aborted when nobody can read the output any more. */
  outputClosed: AbortSignal;
  exit: (status: number) => void;
  /** The environment: the proxies for calls to Huawei are read from it. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Standard input, opened only by the command that reads it. */
  stdin?: () => StandardInput;
};

/** A pipe or a terminal that a command may read, such as `process.stdin`. */
export type StandardInput = AsyncIterable<Uint8Array> & { isTTY?: boolean; destroy(): unknown };

/** Adds one command to the program. */
export type AddCommand = (program: Command, context: CommandContext) => void;

/** The folder of the ledger and the queue where `--state` names no other. */
export const DEFAULT_STATE = '.login-export';
