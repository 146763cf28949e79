import pMap from 'p-map';
import { Temporal } from 'temporal-polyfill';
import { currentWindow } from '../../../lib/exports/coverage/due.ts';
import { tokenRequest } from '../../../lib/huawei/auth/token-call.ts';
import { exportBodyFor, exportRequest } from '../../../lib/huawei/calls/export.ts';
import type { HttpRequest } from '../../../lib/huawei/http/http.ts';
import { customer, fleet } from './fleet.ts';
import { printCost } from './process-cost.ts';

const [origin = '', size = ''] = process.argv.slice(2);
const now = Temporal.Now.instant();
const calls = fleet(origin, Number(size)).targets.map((target, index) => {
  const { user, project } = customer(index);
  const span = currentWindow({ target, scheduledTime: now });
  return {
    token: tokenRequest(origin, { kind: 'password', ...user }, { id: project.id }),
    exportCall: exportRequest(origin, project.id, exportBodyFor(target, { span, filters: {} }, now)),
  };
});

const begin = performance.now();
const { Agent, request } = await import('undici');
const dispatcher = new Agent({ allowH2: false });
let accepted = 0;
await pMap(
  calls,
  async ({ token, exportCall }) => {
    const { headers } = await send(token);
    const { body } = await send(exportCall, { 'x-auth-token': String(headers['x-subject-token']) });
    if (body.includes('task_id')) accepted += 1;
  },
  { concurrency: 8 },
);
await dispatcher.close();
printCost(begin);
if (accepted !== calls.length) throw new Error(`${accepted} exports of ${calls.length} were accepted.`);

async function send({ method, url, headers, body = '' }: HttpRequest, more: Record<string, string> = {}) {
  const reply = await request(url, { method, headers: { ...headers, ...more }, body, dispatcher });
  return { headers: reply.headers, body: await reply.body.text() };
}
