import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PYTHON_TOOLS } from '../aws/moto.ts';

/** Arguments as Python has them: a `model` of the SDK with its fields, and `{ datetime }` in ISO 8601 for a time. */
export type Argument =
  | string
  | number
  | boolean
  | { datetime: string }
  | { [field: string]: Argument }
  | Argument[];

/** One call: which client, where, with what. `headers` are added to those of the SDK. */
export type SdkCall = {
  service: 'iam' | 'workspace' | 'workspaceapp';
  endpoint: string;
  /** Then the SDK looks up the project of the region, unless the credentials name one. */
  region?: string;
  /** Attributes of the SDK's credentials. */
  credentials: Record<string, string>;
  call: string;
  request: Argument;
  headers?: Record<string, string>;
};

/** What the SDK makes of the answer: its model and the bytes that it kept, or the exception that it raised. */
export type SdkReply = {
  status?: number;
  model: Record<string, unknown>;
  content: string;
  error?: string;
  code?: string;
  request_id?: string;
};

/** Huawei's SDK for Python, unchanged, in a process of its own that lives as long as the test file. */
export function startHuaweiSdk() {
  const python = spawn(join(PYTHON_TOOLS, 'python'), [join(import.meta.dirname, 'huawei_sdk.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Nothing of this machine: no proxy, and no credentials that the SDK would find by itself.
    env: { PATH: '' },
  });
  const lines = createInterface(python.stdout)[Symbol.asyncIterator]();
  return {
    /** One after the other. */
    perform: async (call: SdkCall): Promise<SdkReply> => {
      python.stdin.write(`${JSON.stringify(call)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error('The SDK came to an end; what Python said is above.');
      return JSON.parse(value);
    },
    stop: async (): Promise<void> => {
      const gone = once(python, 'exit');
      python.stdin.end();
      await gone;
    },
  };
}
