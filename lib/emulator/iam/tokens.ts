import { randomBytes } from 'node:crypto';

/** The user and the scope of a token. `projectId` is absent when the scope is the whole account. */
export type Grant = { domain: string; user: string; projectId?: string | undefined };

export type Token = Grant & { text: string; issuedAt: number; expiresAt: number; isRevoked: boolean };

/** All tokens. A new token does not change the older ones. */
export function createTokens({ lifetimeSeconds, size }: { lifetimeSeconds: number; size: number }) {
  const tokens = new Map<string, Token>();

  return {
    mint: (grant: Grant, now: number): Token => {
      const expiresAt = now + lifetimeSeconds * 1000;
      const token = { ...grant, text: tokenText(size), issuedAt: now, expiresAt, isRevoked: false };
      tokens.set(token.text, token);
      return token;
    },
    find: (text: string): Token | undefined => tokens.get(text),
    /** Revokes every token, or those of one user. */
    revoke: (user?: Pick<Grant, 'domain' | 'user'>): void => {
      for (const token of tokens.values())
        if (!user || (user.domain === token.domain && user.user === token.user)) token.isRevoked = true;
    },
  };
}

/** `2020-01-04T09:05:22.701000Z`: IAM writes six fraction digits. */
export function iamTime(at: number): string {
  return new Date(at).toISOString().replace('Z', '000Z');
}

// Real tokens are signed CMS messages in base64, with "-" for "/". They begin with "MII".
function tokenText(size: number): string {
  return `MII${randomBytes(size).toString('base64url')}`.slice(0, size);
}
