import type { Template } from './packaged-service.ts';

export type Statement = {
  Sid?: string;
  Effect: string;
  Principal?: unknown;
  Action?: unknown;
  Resource?: unknown;
  Condition?: unknown;
};

/** Every statement of every policy in a template, wherever it stands. */
export function statementsOf(value: Template | unknown): Statement[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Object.entries(value).find(([name]) => name === 'Statement')?.[1] ?? [];
  return [own, ...Object.values(value).flatMap(statementsOf)].flat();
}

/** The language version of every policy in a template, wherever it stands; undefined where one names none. */
export function versionsOf(value: Template | unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'Statement' in value ? [Object(value).Version] : [];
  return [...own, ...Object.values(value).flatMap(versionsOf)];
}

/** What a role allows: actions and resources of each statement, in the order they are written. */
export function allows(role: Record<string, unknown>): [unknown[], unknown[]][] {
  return statementsOf(role['Policies'])
    .filter(({ Effect }) => Effect === 'Allow')
    .map(({ Action, Resource }) => [[Action].flat(), [Resource].flat()]);
}
