import { type Check, type CheckName, failed, ok, warning } from '../domain/check.ts';
import { asExportError, type ExportError, InputError } from '../domain/errors.ts';
import { type Credential, passwordDoubt } from '../domain/input/credential.ts';
import type { Target } from '../domain/input/target.ts';
import { type Instant, isAfter, isBefore } from '../domain/time/instant.ts';
import { RETENTION } from '../domain/time/retention.ts';
import { nextRunAfter, parseSchedule } from '../domain/time/schedule.ts';
import { checkLearntProject, checkProject } from '../exports/coverage/bound-project.ts';
import type { SecretStore } from '../ports.ts';
import type { StoredTarget } from './state-checks.ts';

/** Whether the settings still name the project that the ledger has windows of. */
export function settingsCheck(target: Target, { row }: StoredTarget): Check {
  const { region, window } = target;
  const length = window.every.unit === 'day' ? 'a day' : `${window.every.minutes} minutes`;
  return (
    failureOf('settings', () => row && checkProject(target, row)) ??
    ok('settings', `Region ${region}, windows of ${length} (${window.timeZone}).`)
  );
}

/** What is wrong with the project that the credential turned out to be for, if it is not the ledger's. */
export function learntCheck(target: Target, projectId: string, { row }: StoredTarget): Check | undefined {
  return failureOf('project', () => checkLearntProject(target, projectId, row?.projectId));
}

function failureOf(check: 'settings' | 'project', look: () => void): Check | undefined {
  try {
    look();
    return undefined;
  } catch (thrown) {
    return inputCheck(check, asExportError(thrown), OTHER_ID);
  }
}

const OTHER_ID = 'Give the other project another id, or undo the change.';

/** Whether the target's schedule fires, and often enough to lose nothing. */
export function scheduleCheck(target: Target, now: Instant): Check {
  const next = nextRun(target, now);
  if (!next)
    return failed(
      'schedule',
      `${target.schedule} never fires again.`,
      `Write one that does, such as ${NIGHTLY}`,
    );
  const second = nextRun(target, next) ?? next;
  const isRare = isAfter(next, now.add(RETENTION)) || isAfter(second, next.add(RETENTION));
  const said = `${target.schedule} fires next at ${next}`;
  if (!isRare) return ok('schedule', `${said}.`);
  return warning(
    'schedule',
    `${said}, and then at ${second}: Huawei forgets login records after 30 days, so some are lost.`,
    `Let it fire every day, such as ${NIGHTLY}`,
  );
}

const NIGHTLY = 'cron(35 0 * * ? *)';

function nextRun({ schedule, scheduleTimeZone }: Target, after: Instant): Instant | undefined {
  const parsed = parseSchedule(schedule);
  return parsed && nextRunAfter(parsed, scheduleTimeZone, after);
}

/** Whether the secret can be read and is a credential, and that credential unless it is of no use. */
export async function secretCheck(
  secrets: SecretStore,
  { credential: name }: Target,
  now: Instant,
): Promise<{ check: Check; credential?: Credential }> {
  try {
    const credential = await secrets.read(name, { fresh: true });
    if (isExpired(credential, now)) return { check: failed('secret', expired(name, credential), RENEW) };
    return { check: usable(name, credential), credential };
  } catch (thrown) {
    return { check: inputCheck('secret', asExportError(thrown), SECRET_SHAPES) };
  }
}

function usable(name: string, credential: Credential): Check {
  const said = `"${name}" holds ${nounOf(credential)}.`;
  const doubt = passwordDoubt(credential);
  return doubt ? warning('secret', `${said} ${doubt}.`, UNLESS_MEANT) : ok('secret', said);
}

const UNLESS_MEANT = 'Unless it is part of the password, remove it from the secret.';

const SECRET_SHAPES =
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

/**
 * An error as a check. An issue says what to do in `fix`, or after a semicolon; `fix` is for those that do not. One
 * issue with a `fix` speaks for all.
 */
export function inputCheck(check: CheckName, error: ExportError, fix: string): Check {
  if (!(error instanceof InputError)) return failed(check, sentence(error.message), fix);
  const [subject = ''] = error.message.split('\n');
  const known = error.issues.flatMap((issue) => issue.fix ?? []);
  if (known.length > 0) {
    const wrong = error.issues.map(({ path, message }) => placed(path, message));
    return failed(check, sentence(`${subject} ${wrong.join('; ')}`), known.join('; '));
  }
  const issues = error.issues.map(({ path, message }) => ({ path, parts: message.split('; ') }));
  const wrong = issues.map(({ path, parts: [what = ''] }) => placed(path, what));
  const fixes = issues.map(({ parts: [, ...how] }) => advice(how.join('; '))).filter(Boolean);
  return failed(
    check,
    sentence(`${subject} ${wrong.join('; ')}`),
    fixes.length === issues.length ? capitalised(fixes.join('; ')) : fix,
  );
}

function placed(path: string, message: string): string {
  return path === WHOLE ? message : `${path} ${message}`;
}

const WHOLE = '(the file)';

// A list of what is known is no advice by itself.
function advice(text: string): string {
  return text.replace(/^known are/, 'name one that is known, or add it; known are');
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
