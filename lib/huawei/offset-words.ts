/** How far two clocks are apart, for people: `2 d 3 h`, `1 h 5 min` or `4 min 7 s`. Takes whole seconds from 0. */
export function offsetWords(seconds: number): string {
  const [days, hours, minutes] = [seconds / 86_400, (seconds / 3_600) % 24, (seconds / 60) % 60].map(
    Math.floor,
  );
  if (days) return `${days} d ${hours} h`;
  return hours ? `${hours} h ${minutes} min` : `${minutes} min ${seconds % 60} s`;
}
