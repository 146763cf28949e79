import { zipSync } from 'fflate';

/** A zip that depends on the contents alone: the same files give the same bytes on any day and in any time zone. */
export function reproducibleZip(files: Record<string, Uint8Array>): Uint8Array {
  // Zip keeps local time without a zone, so the date is a local one: its first.
  return zipSync(files, { level: 9, mtime: new Date(1980, 0, 1) });
}
