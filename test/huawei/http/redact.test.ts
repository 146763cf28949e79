import { expect, it } from 'vitest';
import { redactor } from '../../../lib/huawei/http/redact.ts';

const secret = 'fake+secret/"7f3a"=';

it('a secret is replaced as it is, as it stands in JSON and as it stands in a URL', () => {
  const redact = redactor([secret]);
  const said = `${secret} ${JSON.stringify({ secret })} ?token=${encodeURIComponent(secret)}`;
  const clean = redact(said);
  expect(clean).not.toContain('fake');
  expect(clean).toContain('[redacted]');
});

it('a signature is replaced although nobody knew it', () => {
  const signature = 'ab'.repeat(32);
  expect(redactor([])(`verify aksk signature fail, Signature=${signature}`)).not.toContain(signature);
});

it('a secret that is the beginning of another leaves nothing of the other', () => {
  const redact = redactor(['fake-secret', 'fake-secret-7f3a']);
  expect(redact('it was fake-secret-7f3a')).toBe('it was [redacted]');
});

it('an empty secret replaces nothing', () => {
  expect(redactor([''])('text')).toBe('text');
});

it('a secret with half of a character is replaced like any other', () => {
  expect(redactor(['fake\ud800'])('it was fake\ud800')).toBe('it was [redacted]');
});
