import { type Credential, passwordDoubt } from '../../domain/credential.ts';
import { asExportError } from '../../domain/errors.ts';
import { type Finding, failed, ok, warning } from '../../domain/finding.ts';
import { type Instant, isBefore } from '../../domain/instant.ts';
import type { Target } from '../../domain/target.ts';
import type { SecretStore } from '../../ports.ts';
import { inputFinding } from './input-finding.ts';

/** Whether the secret can be read and is a credential, and that credential unless it is of no use. */
export async function secretFinding(
  secrets: SecretStore,
  { credential: name }: Target,
  now: Instant,
): Promise<{ finding: Finding; credential?: Credential }> {
  try {
    const credential = await secrets.read(name, { fresh: true });
    if (isExpired(credential, now)) return { finding: failed('secret', expired(name, credential), RENEW) };
    return { finding: usable(name, credential), credential };
  } catch (thrown) {
    return { finding: inputFinding('secret', asExportError(thrown), FIX) };
  }
}

function usable(name: string, credential: Credential): Finding {
  const said = `"${name}" holds ${nounOf(credential)}.`;
  const doubt = passwordDoubt(credential);
  return doubt ? warning('secret', `${said} ${doubt}.`, UNLESS_MEANT) : ok('secret', said);
}

const UNLESS_MEANT = 'Unless it is part of the password, remove it from the secret.';

const FIX =
  'Write {"kind": "password", "domain": "…", "user": "…", "password": "…"}, or one with kind "token" (and token) or "access_key" (and access_key_id, secret_access_key).';

const RENEW = 'Put a fresh token into the secret. Whoever keeps it fresh has stopped doing so.';

type TokenCredential = Extract<Credential, { kind: 'token' }>;

function isExpired(credential: Credential, now: Instant): credential is TokenCredential {
  if (credential.kind !== 'token' || !credential.expires_at) return false;
  return !isBefore(now, credential.expires_at);
}

function expired(name: string, { expires_at }: TokenCredential): string {
  return `The token in "${name}" expired at ${expires_at}.`;
}

function nounOf(credential: Credential): string {
  switch (credential.kind) {
    case 'password':
      return `the password of the user "${credential.user}" of account "${credential.domain}"`;
    case 'token':
      return credential.expires_at ? `a token that is good until ${credential.expires_at}` : 'a token';
    case 'access_key':
      return `the access key ${credential.access_key_id}`;
  }
}
