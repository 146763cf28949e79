/** The processor time that this process spends on a piece of work, in milliseconds; a busy machine does not lengthen it. */
export function cpuMilliseconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
