/** Replaces every secret in a text that somebody else wrote. Huawei's gateway echoes headers in some 401 messages. */
export type Redact = (text: string) => string;

export function redactor(secrets: readonly string[]): Redact {
  const spellings = secrets.filter(Boolean).flatMap(spellingsOf);
  const known = [...new Set(spellings)].sort((a, b) => b.length - a.length);
  return (text) =>
    known.reduce(
      (clean, secret) => clean.replaceAll(secret, REDACTED),
      text.replace(SIGNATURE, `$1${REDACTED}`),
    );
}

const REDACTED = '[redacted]';

// A signature is new with each attempt, so it is known by its shape.
const SIGNATURE = /(signature\W{1,3})[0-9a-f]{64}/gi;

// As text, in JSON, and in a URL.
function spellingsOf(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.toWellFormed())];
}
