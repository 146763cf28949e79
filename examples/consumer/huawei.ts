import { readFileSync } from 'node:fs';
import type { TaskMessage } from './queue.ts';

/** A task of Huawei's list, as far as a consumer needs it. */
export type Task = {
  task_id: string;
  status: string;
  file_name?: string;
  fail_reason?: string;
  error_code?: string;
};

/** IAM gave no token. */
export class LoginError extends Error {}

type Options = {
  /** A JSON file, {"domain": "<account>", "user": "<IAM user>", "password": "..."}. */
  credential: string;
  /** Default: the host of the message's region. */
  iam?: string | undefined;
};

/** Huawei's calls for export tasks, with a token of the message's project. Throws for every answer but a good one. */
export function connect({ credential, iam }: Options) {
  const { domain, user, password } = readCredential(credential);
  const tokens = new Map<string, string>();

  async function logIn({ region, project_id: project }: TaskMessage['data']['target']): Promise<string> {
    const identity = {
      methods: ['password'],
      password: { user: { name: user, password, domain: { name: domain } } },
    };
    const host = iam ?? `https://iam.${region}.myhuaweicloud.com`;
    const reply = await send(new URL('/v3/auth/tokens?nocatalog=true', host), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ auth: { identity, scope: { project: { id: project } } } }),
    });
    const token = reply.headers.get('x-subject-token');
    if (!token) throw new LoginError(`IAM answered ${reply.status} and gave no token`);
    tokens.set(project, token);
    return token;
  }

  async function get({ data }: TaskMessage, path: string): Promise<Answer> {
    const { target, tasks_endpoint: origin } = data;
    const url = new URL(`/v2/${target.project_id}/export-tasks${path}`, origin);
    let reply = await getWith(tokens.get(target.project_id) ?? (await logIn(target)), url);
    // Once: a token that is seconds old has not expired.
    if (reply.status === 401) reply = await getWith(await logIn(target), url);
    if (!reply.ok) throw new Error(`${reply.host} answered ${reply.status}`);
    return reply;
  }

  return {
    /** The task of a message; undefined where the list does not show it. */
    async find(message: TaskMessage): Promise<Task | undefined> {
      const id = encodeURIComponent(message.data.task_id);
      // The list may hide tasks that somebody has downloaded.
      for (const isDownload of ['false', 'true']) {
        const reply = await get(message, `?task_id=${id}&is_download=${isDownload}`);
        const task = tasksOf(reply).find((one) => one.task_id === message.data.task_id);
        if (task) return task;
      }
      return undefined;
    },
    async download(message: TaskMessage): Promise<Uint8Array> {
      return (await get(message, `/${encodeURIComponent(message.data.task_id)}/download`)).body;
    },
  };
}

function readCredential(file: string): { domain: string; user: string; password: string } {
  const right =
    'must be a JSON file, {"domain": "<account>", "user": "<IAM user>", "password": "<password>"}';
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`--credential ${file}: ${right} (${(error as Error).message})`);
  }
  try {
    const { domain, user, password } = JSON.parse(text);
    if ([domain, user, password].every((value) => value && typeof value === 'string'))
      return { domain, user, password };
  } catch {
    // Refused below: what the parser says would quote the password.
  }
  throw new Error(`--credential ${file}: ${right}`);
}

function tasksOf({ host, body }: Answer): Task[] {
  try {
    const { export_tasks: tasks } = JSON.parse(new TextDecoder().decode(body));
    if (Array.isArray(tasks)) return tasks;
  } catch {
    // Refused below.
  }
  throw new Error(`${host} answered with something else than a list of export tasks`);
}

// A file may lie on another host, which must not get the token.
async function getWith(token: string, url: URL): Promise<Answer> {
  const headers = { 'x-auth-token': token };
  const reply = await send(url, { headers });
  const location = reply.headers.get('location');
  if (!location) return reply;
  const next = new URL(location, url);
  return send(next, next.origin === url.origin ? { headers } : {});
}

type Answer = Pick<Response, 'ok' | 'status' | 'headers'> & { host: string; body: Uint8Array };

async function send(url: URL, request: RequestInit = {}): Promise<Answer> {
  const { host } = url;
  try {
    const reply = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(60_000), ...request });
    const { ok, status, headers } = reply;
    return { host, ok, status, headers, body: new Uint8Array(await reply.arrayBuffer()) };
  } catch (error) {
    // The error of fetch says "fetch failed" and no more; its cause says why.
    const { message, cause } = error as Error & { cause?: { message?: string; code?: string } };
    throw new Error(`no whole answer from ${host}: ${cause?.message || cause?.code || message}`);
  }
}
