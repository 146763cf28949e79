/** An id of 32 hex digits for what has a name alone. */
export function hexOf(text: string): string {
  return Buffer.from(text.padEnd(16, '.')).toString('hex').slice(0, 32);
}
