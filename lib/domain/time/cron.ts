/** A cron expression of EventBridge Scheduler in plain numbers for croner, or every issue with it as a message. */
export type CronReading = { pattern: string } | { messages: string[] };

/**
 * Reads the six fields of `cron(...)`. Source: EventBridge User Guide, "Cron expressions reference", which EventBridge
 * Scheduler's guide repeats; its examples have a range over the last value (20-2) and 6L.
 */
export function readCronFields(fields: readonly string[]): CronReading {
  if (fields.length !== FIELDS.length) return { messages: [SIX_FIELDS] };
  const read = FIELDS.map((field, index) => readField(fields[index] ?? '', field));
  const messages = [
    ...FIELDS.filter((_, index) => read[index] === undefined).map(expected),
    ...((fields[2] === '?') === (fields[4] === '?') ? [ONE_QUESTION_MARK] : []),
  ];
  return messages.length > 0 ? { messages } : { pattern: `0 ${read.join(' ')}` };
}

type Field = {
  name: string;
  first: number;
  last: number;
  names?: readonly string[];
  /** Whether the first value follows the last one, so that 22-2 is a range. */
  goesRound: boolean;
  /** What croner reads unchanged, once names have become numbers. */
  special?: { form: RegExp; examples: string };
};

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const FIELDS: readonly Field[] = [
  { name: 'minutes', first: 0, last: 59, goesRound: true },
  { name: 'hours', first: 0, last: 23, goesRound: true },
  {
    name: 'a day-of-month',
    first: 1,
    last: 31,
    goesRound: true,
    special: { form: /^(\?|L|LW|(0?[1-9]|[12]\d|3[01])W)$/, examples: 'L, LW or 15W' },
  },
  { name: 'a month', first: 1, last: 12, names: MONTHS, goesRound: true },
  {
    name: 'a day-of-week',
    first: 1,
    last: 7,
    names: DAYS,
    goesRound: true,
    special: { form: /^(\?|[1-7]L|[1-7]#[1-5])$/, examples: 'L, FRIL or (alone) TUE#2' },
  },
  { name: 'a year', first: 1970, last: 2199, goesRound: false },
];

const SIX_FIELDS =
  'must have six fields with one space between them: cron(minutes hours day-of-month month day-of-week year)';

const ONE_QUESTION_MARK =
  'must have "?" as its day-of-month or as its day-of-week, and not as both, such as cron(35 0 * * ? *)';

function expected({ name, first, last, names, special, goesRound }: Field): string {
  const range = `${first} to ${last}${names ? ` or ${names.at(0)} to ${names.at(-1)}` : ''}`;
  const also = special ? `; also ${special.examples}` : '';
  const ranges = `a ${goesRound ? '' : 'rising '}range (a-b)`;
  return `must have ${name} of ${range}: one, a list (a,b), ${ranges}, a step (a/n) or *${also}`;
}

// Not allowed in a list: croner does not know LW there, and AWS does not know the other two.
const ALONE = /LW|#|\?/;

function readField(text: string, field: Field): string | undefined {
  const items = text.toUpperCase().split(',');
  if (items.length > 1 && items.some((item) => ALONE.test(item))) return undefined;
  const read = items.map((item) => inNumbers(item, field)).map((item) => readItem(item, field));
  return read.includes(undefined) ? undefined : read.join(',');
}

function inNumbers(item: string, { first, names }: Field): string {
  if (!names) return item;
  const isDay = names === DAYS;
  // Alone, L is the last day of the week; after a day, it is the last such day of the month.
  if (isDay && item === 'L') return String(names.length);
  return item.replaceAll(/(?<=^|-)[^-/#]+/g, (word) => {
    const name = isDay ? word.replace(/L$/, '') : word;
    const index = names.indexOf(name);
    return index < 0 ? word : `${first + index}${word.slice(name.length)}`;
  });
}

// Always a range with a step, so that "*/3" counts from the field's first value; croner would count years from 0.
function readItem(item: string, field: Field): string | undefined {
  if (field.special?.form.test(item)) return item;
  const { first, last, goesRound } = field;
  const range = item
    .replace(/^\*/, `${first}-${last}`)
    .replace(/^\d+$/, '$&-$&')
    .replace(/^\d+(?=\/)/, `$&-${last}`)
    .replace(/^[^/]+$/, '$&/1');
  const [from, to, step] = numbersOf(range, String(last).length);
  if (from === undefined || to === undefined || !isStep(step, field)) return undefined;
  if ([from, to].some((value) => value < first || value > last)) return undefined;
  if (from <= to) return range;
  return goesRound ? valuesRound({ from, to, step }, field) : undefined;
}

function isStep(step: number | undefined, { first, last }: Field): step is number {
  return step !== undefined && step >= 1 && step <= Math.min(last, last - first + 1);
}

function numbersOf(range: string, digits: number): number[] {
  const numbers = /^(\d+)-(\d+)\/(\d+)$/.exec(range)?.slice(1) ?? [];
  return numbers.every((number) => number.length <= digits) ? numbers.map(Number) : [];
}

type RoundRange = { from: number; to: number; step: number };

// croner has no such ranges; it gets the values one by one.
function valuesRound({ from, to, step }: RoundRange, { first, last }: Field): string {
  const size = last - first + 1;
  const count = Math.floor((to + size - from) / step) + 1;
  const values = Array.from({ length: count }, (_, index) => ((from + index * step - first) % size) + first);
  return values.map((value) => `${value}-${value}/1`).join(',');
}
