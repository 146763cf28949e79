import { type Check, failed, failedBy, ok, warning } from '../domain/check.ts';
import { asExportError } from '../domain/errors.ts';
import { type Credential, passwordDoubt } from '../domain/input/credential.ts';
import type { Target } from '../domain/input/target.ts';
import type { TargetRow } from '../domain/ledger/target-row.ts';
import { type Instant, isAfter } from '../domain/time/instant.ts';
import { RETENTION } from '../domain/time/retention.ts';
import { nextRunOf } from '../domain/time/schedule.ts';
import { checkProject } from '../exports/coverage/bound-project.ts';
import type { SecretStore } from '../ports.ts';

/** Whether the settings still name the project that the ledger has windows of. */
export function settingsCheck(target: Target, row: TargetRow | undefined): Check {
  const { region, window } = target;
  try {
    if (row) checkProject(target, row);
  } catch (thrown) {
    return failedBy('settings', asExportError(thrown), 'Undo the change of the settings.');
  }
  const length = window.every.unit === 'day' ? 'a day' : `${window.every.minutes} minutes`;
  return ok('settings', `Region ${region}, windows of ${length} (${window.timeZone}).`);
}

/** Whether the target's schedule fires, and often enough to lose nothing. */
export function scheduleCheck(target: Target, now: Instant): Check {
  const next = nextRunOf(target, now);
  if (!next)
    return failed(
      'schedule',
      `${target.schedule} never fires again.`,
      `Write one that does, such as ${NIGHTLY}.`,
    );
  const second = nextRunOf(target, next) ?? next;
  const isRare = isAfter(next, now.add(RETENTION)) || isAfter(second, next.add(RETENTION));
  const said = `${target.schedule} fires next at ${next}`;
  if (!isRare) return ok('schedule', `${said}.`);
  return warning(
    'schedule',
    `${said}, and then at ${second}. Huawei keeps login records for 30 days, so some are lost.`,
    `Let it fire every day, such as ${NIGHTLY}.`,
  );
}

/** Whether the secret can be read and is a credential; whether Huawei accepts it is the check of the credential. */
export async function secretCheck(
  secrets: SecretStore,
  { credential: name }: Target,
): Promise<{ check: Check; credential?: Credential }> {
  try {
    const credential = await secrets.read(name, { fresh: true });
    const said = `"${name}" holds ${nounOf(credential)}.`;
    const doubt = passwordDoubt(credential);
    const check = doubt ? warning('secret', `${said} ${doubt}.`, UNLESS_MEANT) : ok('secret', said);
    return { check, credential };
  } catch (thrown) {
    return { check: failedBy('secret', asExportError(thrown), 'Correct the secret.') };
  }
}

const NIGHTLY = 'cron(35 0 * * ? *)';

const UNLESS_MEANT = 'Unless it is part of the password, remove it from the secret.';

function nounOf(credential: Credential): string {
  switch (credential.kind) {
    case 'password':
      return `the password of the user "${credential.user}" of account "${credential.domain}"`;
    case 'token':
      return credential.expires_at ? `a token that expires at ${credential.expires_at}` : 'a token';
    case 'access_key':
      return `the access key ${credential.access_key_id}`;
  }
}
