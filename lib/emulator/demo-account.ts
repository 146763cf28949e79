import type { AccessKey } from './access-keys.ts';
import type { Account, Project } from './accounts.ts';

/** The account of an emulator that was given none: made up, the same everywhere, and no secret. */
export const DEMO_ACCOUNT = {
  user: { domain: 'demo-company', user: 'login-exporter', password: 'demo-password' } satisfies Account,
  accessKey: {
    accessKeyId: 'DEMOACCESSKEY0000001',
    secretAccessKey: 'demo-secret-access-key-that-opens-nothing',
  } satisfies AccessKey,
  project: { id: '2b31ed520de0a0e0aebedb6e57de0000', name: 'ap-southeast-3' } satisfies Project,
};
