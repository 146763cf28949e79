/** The documents of the three kinds of secret, with something in the place of what nobody else knows. */
const SHAPES: Record<string, object> = {
  password: { kind: 'password', domain: '<account>', user: '<IAM user>', password: '<password>' },
  token: { kind: 'token', token: '<token>' },
  access_key: {
    kind: 'access_key',
    access_key_id: '<access key id>',
    secret_access_key: '<secret access key>',
  },
};

/** `"<name>": {...}` as it stands in a secrets file; that of a password where the kind is not known. */
export function secretEntry(name: string, kind?: unknown): string {
  return `${JSON.stringify(name)}: ${spaced(JSON.stringify(shapeOf(kind)))}`;
}

/** A whole secrets file with one secret in it. */
export function secretsDocument(name: string, kind?: unknown): string {
  return `{${secretEntry(name, kind)}}`;
}

/** The other kinds, for a person who does not have what the document shows. */
export const OTHER_KINDS =
  '(Or "kind": "access_key" with access_key_id and secret_access_key, or "kind": "token" with token.)';

function shapeOf(kind: unknown): object | undefined {
  return typeof kind === 'string' && Object.hasOwn(SHAPES, kind) ? SHAPES[kind] : SHAPES['password'];
}

// So that it can be broken into lines of a screen, where JSON stays JSON.
function spaced(json: string): string {
  return json.replaceAll('":"', '": "').replaceAll('","', '", "');
}
