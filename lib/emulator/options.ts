import type { AccessKey } from './iam/access-keys.ts';
import type { Account, Project } from './iam/accounts.ts';
import type { LoginSource } from './logins/login-records.ts';
import type { ScenarioInput } from './scenarios/scenario.ts';
import type { Host } from './server/hosts.ts';
import type { CallKind } from './server/routes.ts';

/** One request, as the emulator's watchers see it: nothing in it is secret. */
export type SeenRequest = {
  /** The emulator's clock when it arrived, in milliseconds since the epoch. */
  at: number;
  method: string;
  /** The host that was called. On a single port, the host that has the call. */
  host?: Host | undefined;
  path: string;
  /** Of the query, the documented parameters alone. */
  query: Readonly<Record<string, string>>;
  /** Absent when it is no call of this API. */
  kind?: CallKind | undefined;
  /** `cut`: the connection was closed without an answer. */
  status: number | 'cut';
  /** Who says to be calling: the User-Agent header. */
  userAgent?: string | undefined;
  /** In a few words, what happened: the task's id, or what the reply does not say about why it was refused. */
  note?: string | undefined;
};

/** Everything may be left out: then there is one demo account, made-up logins, and nothing goes wrong. */
export type EmulatorOptions = {
  /** Milliseconds since the epoch. Tokens, tasks, signatures, the 30 days and the Date header follow it. */
  clock?: () => number;
  /** TCP port on the loopback interface; 0, the default, picks a free one. */
  port?: number;
  /** Whether IAM, the export host and the tasks host each listen on a port of their own; `port` is the export host's. */
  separateHosts?: boolean;
  users?: readonly Account[];
  accessKeys?: readonly AccessKey[];
  projects?: readonly Project[];
  records?: LoginSource;
  scenario?: ScenarioInput;
  /** Length of a token in characters. Default 3000; real ones have been seen above 32 KB. */
  tokenSize?: number;
  /** Default 24 hours. */
  tokenLifetimeSeconds?: number;
  /** Default 5. */
  wrongPasswordsBeforeLock?: number;
  /** How long a task is CREATING. Default 5. */
  taskCreatingSeconds?: number;
  /** How long after its end a task can be downloaded. Default 7 days; Huawei's period is not documented. */
  taskExpirySeconds?: number;
  /** Is told of every request once it is answered. Must not throw. */
  onRequest?: (request: SeenRequest) => void;
};
