import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { target } from '../../lib/domain/input/target.ts';
import { readAlertEvent } from '../../lib/exports/alerts/events/event.ts';
import { matchAlerts } from '../../lib/exports/alerts/requests-by-target.ts';
import { readAlertsFile } from '../../lib/settings/files.ts';
import { flat } from '../support/command/settings-folder.ts';
import { blocksOf, rowsOf, says, sectionOf } from './alerts/document.ts';
import { createReader } from './alerts/reader.ts';
import { type Walked, walkThrough } from './alerts/walk-through.ts';

const reader = createReader();
afterAll(reader.close);

describe('the walk-through of docs/alerts.md', () => {
  let walked: Walked;
  beforeAll(async () => {
    walked = await walkThrough(reader);
  });

  const printedBy = (words: string) =>
    walked.steps.filter((step) => step.words.includes(words)).map(({ printed }) => flat(printed));
  const ofAlerts = () => walked.messages.filter(({ data }) => data.reason === 'alert');

  it('leaves a credential that nobody else can read', () => {
    expect(statSync(join(reader.folder, 'rehearsal/secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('orders two exports at once, from two hours before the first sight to now', () => {
    expect(says('all logins from 08:52 (two hours before the first sight) to now')).toBe(true);
    const [plan] = printedBy(' plan ');
    expect(plan).toContain('At once, 2 export calls: 2026-11-22T08:52:00Z to 2026-11-22T11:20:10Z');
    const first = ofAlerts().slice(0, 2);
    expect(first.map(({ data }) => data.request.filters)).toEqual([
      { public_ip: '203.0.113.45' },
      { machine_name: 'bastion-01' },
    ]);
    for (const { data } of first) {
      expect(data.window.start).toBe('2026-11-22T08:52:00Z');
      expect(data.window.end).toMatch(/^2026-11-22T11:20:1/);
    }
  });

  it('says when the rest is complete and when it is exported, and status shows that', () => {
    expect(says('It is complete at 12:08:31')).toBe(true);
    expect(says('exported with the first run or sweep from 13:00 on')).toBe(true);
    const rest = 'due at 2026-11-22T13:00:00Z: the rest of 2026-11-22T08:52:00Z to 2026-11-22T11:38:31Z with';
    const [before] = printedBy(' status ');
    expect(before).toContain(`${rest} public_ip 203.0.113.45`);
    expect(before).toContain(`${rest} machine_name bastion-01`);
  });

  it('exports the rest with the sweep at 13:00, and the last night besides', () => {
    expect(says('The sweep at 13:00 exports the rest, from 10:50:10 to 11:38:31.')).toBe(true);
    expect(says('It also exports the last night')).toBe(true);
    const [, , night, ...rest] = walked.messages;
    expect(night?.data).toMatchObject({ reason: 'routine', window: { end: '2026-11-22T00:00:00Z' } });
    expect(rest.map(({ data }) => data.request.filters)).toEqual([
      { public_ip: '203.0.113.45' },
      { machine_name: 'bastion-01' },
    ]);
    for (const { data } of rest) {
      expect(data.window.start).toMatch(/^2026-11-22T10:50:1/);
      expect(data.window.end).toBe('2026-11-22T11:38:31Z');
    }
    const [sweep] = printedBy('--sweep --now 2026-11-22T13:00:00Z');
    expect(sweep).toContain('3 published');
  });

  it('ends with nothing open, as the sweeps hear from Huawei that each export ended well', () => {
    expect(says('Then nothing of the alert is open any more, and `status` says nothing of it')).toBe(true);
    const finished = printedBy(' run --sweep ').flatMap((text) => [
      ...text.matchAll(/Huawei finished task (\w+)/g),
    ]);
    const tasks = walked.messages.map(({ data }) => data.task_id);
    expect(finished.map(([, task]) => task).sort()).toEqual(tasks.sort());
    const [, after] = printedBy(' status ');
    expect(after).toContain('Covered from 2026-11-21T00:00:00Z');
    expect(after).not.toContain('Alerts');
  });

  it('leaves as many messages on the queue as it says', () => {
    expect(says('The queue now holds five messages, four of them for the alert')).toBe(true);
    expect(printedBy(' queue ')[0]).toContain('5 messages.');
    expect([walked.messages.length, ofAlerts().length]).toEqual([5, 4]);
  });

  it('has in each message for the alert the fields of the table', () => {
    const names = rowsOf(sectionOf('From a finding to the records')).flatMap((row) => row.names);
    expect(names).toHaveLength(8);
    for (const message of ofAlerts())
      for (const name of names) expect(valueAt(message, name), name).toBeDefined();
    const { data } = ofAlerts()[0] ?? { data: undefined };
    expect(data).toMatchObject({
      reason: 'alert',
      alerts: { ids: [expect.stringMatching(/finding\/4eb1e2b3/)], more: false, coalesced: false },
    });
  });

  it('gives the export of the newest part another id and a later time than the first', () => {
    const [first, , third] = ofAlerts();
    expect(third?.id).not.toBe(first?.id);
    expect(first?.data.trigger.scheduled_time).toMatch(/^2026-11-22T11:20:1/);
    expect(third?.data.trigger.scheduled_time).toMatch(/^2026-11-22T13:00:0/);
  });
});

describe('what else docs/alerts.md has', () => {
  it('are rules that can be read', async () => {
    const [block] = blocksOf(sectionOf('What is exported'));
    expect(block?.language).toBe('yaml');
    const file = join(reader.folder, 'rules.yml');
    writeFileSync(file, block?.content ?? '');
    const rules = await readAlertsFile(file, TARGETS);
    expect(rules.map(({ id, filters }) => ({ id, filters }))).toEqual([
      { id: 'grave', filters: false },
      { id: 'credentials', filters: true },
    ]);
  });

  it('is an event of any other tool, which the function takes', async () => {
    const [block] = blocksOf(sectionOf('From any other tool'));
    const [entry, ...others] = JSON.parse(await reader.run(block?.content ?? ''));
    expect(others).toEqual([]);
    const { alerts, issues } = readAlertEvent(asDelivered(entry), { arrivedAt: ARRIVED });
    expect(issues).toEqual([]);
    const { shares } = matchAlerts({ alerts, rules: [], targets: TARGETS, arrivedAt: ARRIVED });
    expect(shares.flatMap(({ inputs }) => inputs)).toMatchObject([
      { alert: { id: 'SOC-2026-1187' }, target: { id: 'acme-prod' }, filters: { user_name: 'li.wei' } },
    ]);
  });
});

const TARGETS = ['acme-prod', 'acme-eu'].map((id) =>
  target.parse({ id, region: 'ap-southeast-3', credential: 'huawei/acme' }),
);

const ARRIVED = Temporal.Instant.from('2026-11-22T15:35:00Z');

/** As EventBridge makes an event of an entry. Source: EventBridge user guide, "Events in Amazon EventBridge". */
function asDelivered({ Source, DetailType, Detail, ...others }: Record<string, string>) {
  expect(others).toEqual({});
  return {
    version: '0',
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    'detail-type': DetailType,
    source: Source,
    account: '111122223333',
    time: ARRIVED.toString(),
    region: 'eu-central-1',
    resources: [],
    detail: JSON.parse(Detail ?? ''),
  };
}

function valueAt(message: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce((value, key) => (value as Record<string, unknown> | undefined)?.[key], message);
}
