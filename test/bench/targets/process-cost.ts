/** The cost of a process: its time, the part of that for durable writes, and its peak memory. */
export type ProcessCost = { seconds: number; writingSeconds: number; peakMegabytes: number };

export function printCost(begin: number, writingMilliseconds = 0): void {
  const seconds = (performance.now() - begin) / 1000;
  const peakMegabytes = process.resourceUsage().maxRSS / 1024;
  const cost: ProcessCost = { seconds, writingSeconds: writingMilliseconds / 1000, peakMegabytes };
  process.stdout.write(JSON.stringify(cost));
}
