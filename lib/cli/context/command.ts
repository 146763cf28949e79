import type { Command } from 'commander';
import type { Screen } from '../output/screen.ts';

/** What a command gets: where to write, when to stop, and how to say its exit status. */
export type CommandContext = {
  screen: Screen;
  /** Somebody wants the command to stop. */
  signal: AbortSignal;
  /** Nobody reads what is shown any more. */
  outputClosed: AbortSignal;
  exit: (status: number) => void;
  /** The environment, of which the proxies are read where Huawei is called. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Standard input, opened when it is wanted: a terminal that nobody reads is left alone. */
  stdin?: () => StandardInput;
};

/** What a command may read of a pipe or a terminal; `process.stdin` is one. */
export type StandardInput = AsyncIterable<Uint8Array> & { isTTY?: boolean; destroy(): unknown };

/** Adds one command to the program. */
export type AddCommand = (program: Command, context: CommandContext) => void;

/** Where a command's state lies unless `--state` says otherwise. */
export const DEFAULT_STATE = '.login-export';
