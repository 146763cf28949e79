import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { createEmulator } from '../../lib/emulator/emulator.ts';
import { DEMO_ACCOUNT } from '../../lib/emulator/iam/accounts.ts';
import { flat, settingsFolder } from '../support/command/settings-folder.ts';
import { ACCESS_KEY } from '../support/huawei/start-huawei.ts';
import { fencedIn, pieces } from './fenced.ts';
import { ROOT, sectionsOf } from './operations/document.ts';
import { preparedFolder } from './operations/prepared-folder.ts';
import { shellLine } from './operations/shell-words.ts';
import { isWell } from './operations/stories.ts';
import { type Checkout, createCheckout } from './readme/checkout.ts';

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const deploy = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');

/** The blocks of one language in a part of the README. */
function blocks(title: string, language = 'sh'): string[] {
  const { text = '' } = sectionsOf(readme).find((section) => section.title === title) ?? {};
  return fencedIn(text).flatMap((block) => (block.language === language ? [block.content] : []));
}

it('is one page, which fits a terminal but for its tables', () => {
  const lines = readme.split('\n');
  expect(lines.length).toBeLessThan(140);
  const prose = lines.filter((line) => !line.startsWith('|'));
  expect(prose.filter((line) => [...line].length > 95)).toEqual([]);
});

it('has no block of commands of which these tests know nothing', () => {
  const all = fencedIn(readme).map(({ language }) => language);
  expect(all.filter((language) => language === 'sh')).toHaveLength(6);
  expect(new Set(all)).toEqual(new Set(['sh', 'text', 'crontab']));
});

it('its picture is what status prints after three nights without the permission', async () => {
  const { command, emulator } = await settingsFolder({ id: 'acme-prod' });
  const night = async (day: number) => {
    const date = `2026-11-${String(day).padStart(2, '0')}`;
    await command('run', `${date}T00:35:00Z`);
    await command('run', `${date}T00:50:00Z`, '--sweep');
  };
  for (let day = 3; day < 20; day += 1) await night(day);
  emulator.setScenario({ steps: [{ on: 'export', times: 'always', effect: { type: 'forbidden' } }] });
  for (let day = 20; day < 23; day += 1) await night(day);
  const { stdout } = await command('status', '2026-11-22T08:00:00Z');
  const [picture = ''] = fencedIn(readme)
    .filter(({ language }) => language === 'text')
    .map(({ content }) => content);
  expect(pieces(picture).length).toBeGreaterThan(1);
  let rest = stdout;
  for (const piece of pieces(picture)) {
    expect(rest).toContain(piece);
    rest = rest.slice(rest.indexOf(piece) + piece.length);
  }
  emulator.setScenario({ steps: [] });
  const next = await command('run', '2026-11-22T09:00:00Z');
  expect(next.stdout).toContain('3 published');
});

describe('Try it', () => {
  it('shows the message of the demo, and names the script of the tests', async () => {
    const { run } = createCheckout();
    const [block = ''] = blocks('Try it');
    const [start = '', test = '', ...others] = block.trim().split('\n');
    expect(others).toEqual([]);
    const { status, output } = await run(start);
    expect({ status, output }).toEqual({ status: 0, output });
    expect(output).toContain('"type": "workspace.login-export.task-submitted.v1"');
    expect((await run(test)).output).toContain('vitest run --config test/vitest.config.ts');
  });
});

describe('the five steps', () => {
  let checkout: Checkout;
  const file = (path: string) => join(checkout.folder, path);
  const ran = async (script: string | undefined) => {
    const { status, output } = await checkout.run(script ?? 'false');
    expect({ status, output }).toEqual({ status: 0, output });
    return output;
  };

  it('lead to an export on one machine, and to a package for AWS', async () => {
    const emulator = createEmulator({});
    onTestFinished(() => emulator.close());
    const { origin } = await emulator.listen();
    checkout = createCheckout();
    const [copy, secrets, doctor, run] = blocks('On one machine');

    await ran(copy);
    writeOwnProject(file('infra/settings/targets.yml'), origin);
    await ran(secrets);
    expect(statSync(file('.login-export/secrets.json')).mode & 0o777).toBe(0o600);
    writeOwnKey(file('.login-export/secrets.json'));
    expect(await ran(doctor)).toMatch(/✓ export permission[\s\S]*✓ list permission/);
    const printed = await ran(run);
    expect(printed).toContain('1 published');
    expect(printed).toContain('◐ Pending');
    for (const command of cronCommands()) expect(await ran(command)).toContain('Windows:');

    const [store, remove, pack, osls] = onAws();
    expect(await ran(store)).toContain('aws secretsmanager create-secret --name huawei/acme-prod');
    writeFileSync(file('acme-prod.json'), '{}');
    await ran(remove);
    expect(existsSync(file('acme-prod.json'))).toBe(false);
    await ran(pack);
    expect(existsSync(file('.serverless/cloudformation-template-update-stack.json'))).toBe(true);
    expect(osls).toMatch(/^npx osls deploy --package \.serverless/);
  });

  it('give AWS the commands that docs/deploy.md gives it, which test:aws runs from nothing', () => {
    const all = fencedIn(deploy).flatMap(({ content }) => content.split('\n'));
    expect(onAws()).toHaveLength(5);
    expect(onAws().filter((command) => !all.includes(command))).toEqual([]);
  });

  it('end with the status of the deployed ledger', async () => {
    const run = await preparedFolder(isWell);
    const { words } = shellLine(onAws().at(-1) ?? '');
    const { status, stdout } = await run(words.slice(3));
    expect(status).toBe(0);
    expect(flat(stdout)).toContain('Covered from');
  });
});

const onAws = () => blocks('On AWS').flatMap((block) => block.trim().split('\n'));

/** What cron starts, in place of the folder that somebody has. */
function cronCommands(): string[] {
  const [lines = ''] = blocks('On one machine', 'crontab');
  const commands = [...lines.matchAll(/^(?:\S+ +){5}cd <checkout> && (.+)$/gm)].map(
    ([, command = '']) => command,
  );
  expect(commands).toHaveLength(2);
  return commands;
}

function writeOwnProject(path: string, origin: string): void {
  const [target] = parse(readFileSync(path, 'utf8')).targets;
  const own = {
    ...target,
    region: DEMO_ACCOUNT.project.name,
    project_id: DEMO_ACCOUNT.project.id,
    endpoints: { iam: origin, export: origin, tasks: origin },
  };
  writeFileSync(path, stringify({ targets: [own] }));
}

function writeOwnKey(path: string): void {
  const document = JSON.parse(readFileSync(path, 'utf8'));
  expect(Object.keys(document['huawei/acme-prod'])).toEqual(Object.keys(ACCESS_KEY));
  writeFileSync(path, JSON.stringify({ 'huawei/acme-prod': ACCESS_KEY }));
}
