import { zipSync } from 'fflate';

/** A zip that depends on the contents alone: the same files give the same bytes on any day and in any time zone. */
export function reproducibleZip(files: Record<string, Uint8Array>): Uint8Array {
  return zipSync(files, { level: 9, mtime: EARLIEST_DATE });
}

// Zip keeps local time without a zone, and fflate writes the date's local parts: so local midnight, not a UTC instant.
const EARLIEST_DATE = new Date(1980, 0, 1);
