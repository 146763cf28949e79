/** What is asked of IAM: an action on a resource. */
export type Call = { action: string; resource: string };

type Statement = Readonly<Record<string, unknown>>;

/** One action on one resource that a role's policies allow. */
export type Permission = { action: string; resource: string };

/**
 * Everything that a role's inline policies allow, each action with each resource. Throws for what it does not
 * understand, rather than to pass over it.
 */
export function permissionsOf(role: Record<string, unknown>): Permission[] {
  const policies = role['Policies'] as { PolicyDocument: { Statement: Statement[] } }[];
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).flatMap(permissionsIn);
}

function permissionsIn({ Sid, Effect, Action, Resource, ...rest }: Statement): Permission[] {
  if (Effect !== 'Allow' || Object.keys(rest).length > 0)
    throw new Error(`The statement ${Sid} is of a kind that this test does not understand.`);
  return [Action]
    .flat()
    .flatMap((action) =>
      [Resource].flat().map((resource) => ({ action: String(action), resource: String(resource) })),
    );
}

export function isAllowed(permissions: readonly Permission[], call: Call): boolean {
  return permissions.some((permission) => covers(permission, call));
}

/** Whether the permission is what allows the call. */
export function covers({ action, resource }: Permission, call: Call): boolean {
  return matches(action, call.action) && matches(resource, call.resource);
}

// IAM knows * for any text and ? for one character.
function matches(pattern: string, text: string): boolean {
  const literal = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text);
}
