import * as z from 'zod';
import { writtenObject } from './written-object.ts';

/** Origins that replace the built-in ones of a region; an absent one stays as it is. */
export type Endpoints = { iam?: string | undefined; export?: string | undefined; tasks?: string | undefined };

/** The loopback hosts on which plain http is allowed: nothing leaves the machine. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const origin = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && isSafe(url) && isBare(url)) return url.origin;
  context.addIssue('must be https://<host>[:port] without a path, or http:// to a loopback address');
  return z.NEVER;
});

export const endpoints: z.ZodType<Endpoints> = writtenObject({
  iam: origin.optional(),
  export: origin.optional(),
  tasks: origin.optional(),
});

function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}

function isBare({ pathname, search, hash, username, password }: URL): boolean {
  return pathname === '/' && !search && !hash && !username && !password;
}
