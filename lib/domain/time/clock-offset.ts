/** How far two clocks may differ before one of them counts as wrong, in seconds. */
export const TOLERANCE_SECONDS = 300;

/** The same as a length of time. Huawei's time may differ as much between two runs: a slow answer makes one of them late. */
export const CLOCK_TOLERANCE = { seconds: TOLERANCE_SECONDS };

/** The offset where it is notable; undefined while the clocks agree. */
export function notableOffset(aheadSeconds: number): number | undefined {
  return Math.abs(aheadSeconds) > TOLERANCE_SECONDS ? aheadSeconds : undefined;
}

/** A length of time in its two largest units: `40 d 0 h`, `2 h 5 min`, `7 min 30 s`. */
export function durationWords(seconds: number): string {
  const [days, hours, minutes] = [seconds / 86_400, (seconds / 3_600) % 24, (seconds / 60) % 60].map(
    Math.floor,
  );
  if (days) return `${days} d ${hours} h`;
  return hours ? `${hours} h ${minutes} min` : `${minutes} min ${Math.round(seconds % 60)} s`;
}
