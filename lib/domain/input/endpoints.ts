import * as z from 'zod/mini';
import { parsedString } from '../parsed-string.ts';
import { strictObject } from './schema.ts';

/** Origins that replace the built-in origins of a region. An absent one is not replaced. */
export type Endpoints = { iam?: string | undefined; export?: string | undefined; tasks?: string | undefined };

/** The loopback hosts, for which plain http is allowed: their traffic stays on the machine. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const origin = parsedString(
  parseOrigin,
  'must be https://<host>[:port] without a path, or http:// to a loopback address',
);

export const endpoints = strictObject({
  iam: z.optional(origin),
  export: z.optional(origin),
  tasks: z.optional(origin),
});

/** Whether an origin is on this machine: an emulator, and not Huawei. */
export function isLoopback(origin: string): boolean {
  return LOOPBACK.test(new URL(origin).hostname);
}

function parseOrigin(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && isSafe(url) && isBare(url) ? url.origin : undefined;
}

function isSafe({ protocol, origin }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(origin));
}

function isBare({ pathname, search, hash, username, password }: URL): boolean {
  return pathname === '/' && !search && !hash && !username && !password;
}
