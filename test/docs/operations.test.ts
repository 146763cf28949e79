import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { coverageLimitSeconds } from '../../lib/deploy/alarms/coverage-limit.ts';
import { readTargetsFile } from '../../lib/settings/files.ts';
import { flat } from '../support/command/settings-folder.ts';
import { ALL_NAMES, NAMED } from './operations/deployed-names.ts';
import {
  alarmSections,
  type Block,
  blocksOf,
  document,
  ownCommands,
  phrasesOfStatus,
  ROOT,
  sections,
} from './operations/document.ts';
import { pages } from './operations/pages.ts';
import { preparedFolder } from './operations/prepared-folder.ts';
import { logicalLines } from './operations/shell-words.ts';
import * as stories from './operations/stories.ts';

const alarms = [...pages.ofTargets, ...pages.ofService];

/** In which story the commands of a section run. */
const STORY_OF: Record<string, stories.Story> = {
  'First, whatever the alarm': stories.isWell,
  'coverage-stale': stories.isNew,
  'windows-lost': stories.lost,
  'windows-at-risk': stories.nearlyLost,
  'retention-running-out': stories.refusedForWeeks,
  'windows-unconfirmed': stories.unconfirmed,
  'windows-failed': stories.wrongPassword,
  'scheduled-export-failing': stories.refused,
  'clock-off': stories.clockOff,
  'windows-never-confirmed': stories.neverConfirmed,
  'alerts-lost': stories.lostAlert,
  'alerts-exhausted': stories.exhaustedAlert,
  'rows-unreadable': stories.spoilt,
  'alert-export-failing': stories.failedAlert,
  'failed-alerts': stories.failedAlert,
  'Ask the doctor': stories.wrongPassword,
  'Send an alert again': stories.unreadableAlert,
  'Fix a request that cannot be read': stories.spoiltRequest,
  'Rotate a secret': stories.isWell,
};

/** In which story `status` says what the first table lists. */
const SAID_IN: Record<string, stories.Story> = {
  'No run yet': stories.isNew,
  'Covered from': stories.isWell,
  '! The settings name another project': stories.moved,
  '! In the last run, the clock of the machine': stories.clockOff,
  '○ Gaps:': stories.refused,
  '! At risk:': stories.nearlyLost,
  '✗ Lost permanently:': stories.lost,
  '◐ Never confirmed:': stories.neverConfirmed,
  'start_at is before the oldest records': stories.askedForMore,
  '○ Exhausted:': stories.exhausted,
  '◐ Pending:': stories.isUnderWay,
  '◐ Unconfirmed for more than a day:': stories.unconfirmed,
  'Last error (': stories.refused,
  '✗ Alerts:': stories.spoiltRequest,
  '✗ Lost:': stories.lostAlert,
  '○ Alerts: … exhausted': stories.exhaustedAlert,
  '○ Alerts:': stories.failedAlert,
  '◐ Alerts:': stories.alerted,
};

describe('docs/operations.md', () => {
  it('has a part for every alarm, in their order, and for nothing that is no alarm', () => {
    expect(alarms.length).toBeGreaterThan(15);
    expect(alarmSections.map(({ title }) => title)).toEqual(alarms.map(({ page }) => page));
  });

  it.each(alarms)('says of $page what the alarm says, what it means, how to look and how to fix', (alarm) => {
    const { text } = alarmSections.find(({ title }) => title === alarm.page) ?? { text: '' };
    const [quoted = '', ...parts] = text.split(/^\*\*(What it means|How to look|How to fix)\.\*\*/m);
    expect(quoted.trim()).toBe(`> ${alarm.says}`);
    expect(parts.filter((_, index) => index % 2 === 0)).toEqual([
      'What it means',
      'How to look',
      'How to fix',
    ]);
    for (const part of parts) expect(part).toMatch(/\w{3}/);
  });

  it('knows the limit of the example target', async () => {
    const [target] = await readTargetsFile(join(ROOT, 'infra/settings/targets.example.yml'));
    const minutes = (target ? coverageLimitSeconds(target) : 0) / 60;
    expect(flat(document)).toContain(`that is ${Math.floor(minutes / 60)} hours and ${minutes % 60} minutes`);
  });

  it('has no link to a part that is not there', () => {
    const anchors = sections.map(({ title }) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    const linked = [...document.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    expect(linked.length).toBeGreaterThan(30);
    expect(linked.filter((anchor) => !anchors.includes(String(anchor)))).toEqual([]);
  });

  it('lists the kinds of errors that there are', () => {
    const code = readFileSync(join(ROOT, 'lib/domain/errors.ts'), 'utf8');
    const kinds = [...code.matchAll(/kind = '(\w+)'/g)].map(([, kind]) => kind);
    const { text } = sections.find(({ title }) => title === 'Fix by the kind of error') ?? { text: '' };
    const listed = [...text.matchAll(/^\| `(\w+)`/gm)].map(([, kind]) => kind);
    expect(listed.sort()).toEqual(
      [...kinds, 'run_failed', 'task_failed', 'too_early', 'unconfirmed', 'never_confirmed'].sort(),
    );
  });
});

describe('our own commands in docs/operations.md', () => {
  const withOwn = sections
    .map(({ title, text }) => ({
      title,
      blocks: blocksOf(text).filter((block) => ownCommands(block).length > 0),
    }))
    .filter(({ blocks }) => blocks.length > 0);

  it('stand in the sections that have a story', () => {
    expect(withOwn.map(({ title }) => title).sort()).toEqual(Object.keys(STORY_OF).sort());
  });

  it.each(withOwn)(
    'of "$title" run as they are written and print what it says',
    async ({ title, blocks }) => {
      const run = await preparedFolder(STORY_OF[title] ?? stories.isNew);
      for (const block of blocks) {
        const printed = await outputOf(block, run);
        for (const line of block.says) expectInOrder(printed, line.split('…'));
      }
    },
  );

  it('say what the first table lists', async () => {
    expect(phrasesOfStatus()).toEqual(Object.keys(SAID_IN));
  });

  it.each(Object.entries(SAID_IN))('status says "%s"', async (phrase, story) => {
    const run = await preparedFolder(story);
    const [first] = withOwn.flatMap(({ blocks }) => blocks.flatMap(ownCommands));
    const { stdout } = await run(first?.words ?? []);
    expectInOrder(flat(stdout), phrase.split('…'));
  });
});

describe('the commands of AWS in docs/operations.md', () => {
  const lines = sections.flatMap(({ text }) => blocksOf(text)).flatMap(({ script }) => logicalLines(script));
  const named = lines.flatMap((line) =>
    [...line.matchAll(/--([a-z-]+) ([^\s")]+)/g)].map(([, option = '', value = '']) => ({ option, value })),
  );

  it.each(Object.entries(NAMED))('name with --%s what is deployed', (name, deployed) => {
    const values = named.filter(({ option }) => option === name).map(({ value }) => value);
    expect(values).not.toEqual([]);
    expect(values.filter((value) => !deployed.includes(value))).toEqual([]);
  });

  it('look for lines that the functions log, or that Lambda itself does', () => {
    const code = ['log-lines.ts', 'aws-powertools.ts']
      .map((file) => readFileSync(join(ROOT, 'lib/adapters/telemetry', file), 'utf8'))
      .join('\n');
    const patterns = lines.flatMap((line) => /--filter-pattern '([^']+)'/.exec(line)?.[1] ?? []);
    const phrases = patterns.flatMap((pattern) =>
      [...pattern.matchAll(/"([^"]+)"/g)].map(([, words]) => words),
    );
    expect(phrases.length).toBeGreaterThan(5);
    const unknown = phrases.filter((phrase) => !code.includes(`'${phrase}'`));
    expect([...new Set(unknown)].sort()).toEqual(['Runtime exited', 'Task timed out']);
  });

  it('and the text around them name nothing that is not deployed', () => {
    const names = [...document.matchAll(/workspace-login-export-prod[\w-]*/g)].map(([name]) => name);
    expect(names.filter((name) => !ALL_NAMES.includes(name))).toEqual([]);
  });
});

async function outputOf(block: Block, run: Awaited<ReturnType<typeof preparedFolder>>): Promise<string> {
  let printed = '';
  for (const { words, status } of ownCommands(block)) {
    const { stdout, stderr, ...ended } = await run(words);
    expect(ended, `${words.join(' ')}\n${stderr}`).toEqual({ status });
    printed += `${stdout}${stderr}`;
  }
  return flat(printed);
}

function expectInOrder(printed: string, parts: readonly string[]): void {
  let rest = printed;
  for (const part of parts.map((each) => each.trim())) {
    expect(rest).toContain(part);
    rest = rest.slice(rest.indexOf(part) + part.length);
  }
}
