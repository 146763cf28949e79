/** The CPU time of a piece of work in this process, in milliseconds. Other load on the machine does not change it. */
export function cpuMilliseconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
