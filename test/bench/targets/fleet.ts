import { type Target, target } from '../../../lib/domain/input/target.ts';
import type { Account, Project } from '../../../lib/emulator/iam/accounts.ts';

/** A customer with a user and a project of its own, so that no target saves a call of another one. */
export function customer(index: number): { user: Account; project: Project } {
  const number = String(index).padStart(5, '0');
  return {
    user: { domain: `company-${number}`, user: 'login-exporter', password: `fake-password-${number}` },
    project: { id: `2b31ed520de0a0e0aebedb6e57d${number}`, name: 'ap-southeast-3' },
  };
}

/** So many targets with a daily window, all in one cloud, and the secrets that they name. */
export function fleet(origin: string, size: number): { targets: Target[]; secrets: Record<string, unknown> } {
  const customers = Array.from({ length: size }, (_, index) => customer(index));
  return {
    targets: customers.map(({ user, project }) =>
      target.parse({
        id: user.domain,
        region: project.name,
        project_id: project.id,
        credential: `huawei/${user.domain}`,
        endpoints: { iam: origin, export: origin, tasks: origin },
      }),
    ),
    secrets: Object.fromEntries(
      customers.map(({ user }) => [`huawei/${user.domain}`, { kind: 'password', ...user }]),
    ),
  };
}
