/** How far something is; `at` says where it is, `secondsLeft` how long it will take if it goes on as before. */
export type Extent = { done: number; total: number; at?: string; secondsLeft?: number };

/** One line of at most `columns` columns: a bar with numbers, and as much beside it as there is room for. */
export function barLine({ done, total, at, secondsLeft }: Extent, columns: number): string {
  const share = total > 0 ? done / total : 1;
  const numbers = `${done}/${total} ${Math.floor(share * 100)}%`;
  const beside = [at, secondsLeft === undefined ? undefined : `${duration(secondsLeft)} left`];
  const texts = [beside, [at], []].map((words) => [numbers, ...words.filter((word) => word)].join('  '));
  const text = texts.find((one) => one.length + BAR.least + 3 <= columns);
  if (text === undefined) return numbers.slice(0, Math.max(0, columns));
  const length = Math.min(BAR.most, columns - text.length - 3);
  const filled = Math.floor(share * length);
  return `[${'#'.repeat(filled)}${'-'.repeat(length - filled)}] ${text}`;
}

const BAR = { least: 8, most: 30 };

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
