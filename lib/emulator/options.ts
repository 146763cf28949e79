import type { AccessKey } from './iam/access-keys.ts';
import type { Account, Project } from './iam/accounts.ts';
import type { LoginSource } from './logins/login-records.ts';
import type { ScenarioInput } from './scenarios/scenario.ts';
import type { SeenRequest } from './server/request-log.ts';

/** Every option has a default: without options there is one demo account, there are fake logins, and no call fails. */
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
  /** Called with every request after its answer. Must not throw. */
  onRequest?: (request: SeenRequest) => void;
};
