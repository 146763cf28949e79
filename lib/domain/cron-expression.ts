/** A cron expression of EventBridge Scheduler in plain numbers for croner, or every problem with it. */
export type CronReading = { pattern: string } | { problems: string[] };

/** Reads the six fields that stand in `cron(...)`. */
export function readCronFields(fields: readonly string[]): CronReading {
  if (fields.length !== FIELDS.length) return { problems: [SIX_FIELDS] };
  const read = FIELDS.map((field, index) => readField(fields[index] ?? '', field));
  const problems = [
    ...FIELDS.filter((_, index) => read[index] === undefined).map(expected),
    ...((fields[2] === '?') === (fields[4] === '?') ? [ONE_QUESTION_MARK] : []),
  ];
  return problems.length > 0 ? { problems } : { pattern: `0 ${read.join(' ')}` };
}

type Field = {
  name: string;
  first: number;
  last: number;
  names?: readonly string[];
  /** What croner reads as it stands, once names have become numbers. */
  special?: { form: RegExp; examples: string };
};

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const FIELDS: readonly Field[] = [
  { name: 'minutes', first: 0, last: 59 },
  { name: 'hours', first: 0, last: 23 },
  {
    name: 'a day-of-month',
    first: 1,
    last: 31,
    special: { form: /^(\?|L|LW|(0?[1-9]|[12]\d|3[01])W)$/, examples: 'L, LW or 15W' },
  },
  { name: 'a month', first: 1, last: 12, names: MONTHS },
  {
    name: 'a day-of-week',
    first: 1,
    last: 7,
    names: DAYS,
    special: { form: /^(\?|[1-7]L|[1-7]#[1-5])$/, examples: 'L, FRIL or (alone) TUE#2' },
  },
  { name: 'a year', first: 1970, last: 2199 },
];

const SIX_FIELDS = 'must have six fields: cron(minutes hours day-of-month month day-of-week year)';

const ONE_QUESTION_MARK =
  'must have "?" as its day-of-month or as its day-of-week, and not as both, such as cron(35 0 * * ? *)';

function expected({ name, first, last, names, special }: Field): string {
  const range = `${first} to ${last}${names ? ` or ${names.at(0)} to ${names.at(-1)}` : ''}`;
  const also = special ? `; also ${special.examples}` : '';
  return `must have ${name} of ${range}: one, a list (a,b), a rising range (a-b), a step (a/n) or *${also}`;
}

// Not in a list: croner knows no LW there, and AWS no other two.
const ALONE = /LW|#|\?/;

function readField(text: string, field: Field): string | undefined {
  const items = inNumbers(text, field).split(',');
  if (items.length > 1 && items.some((item) => ALONE.test(item))) return undefined;
  const read = items.map((item) => (field.special?.form.test(item) ? item : readItem(item, field)));
  return read.includes(undefined) ? undefined : read.join(',');
}

// In the days of the week, L alone is the last one.
function inNumbers(text: string, { first, names }: Field): string {
  if (!names) return text.toUpperCase();
  return text.toUpperCase().replaceAll(/\b[A-Z]+?(?=L?\b)/g, (word) => {
    const index = word === 'L' && names === DAYS ? DAYS.length - 1 : names.indexOf(word);
    return index < 0 ? word : String(first + index);
  });
}

// Always a range with a step, so that "*/3" counts from the field's first value; croner would count years from 0.
function readItem(item: string, { first, last }: Field): string | undefined {
  const range = item
    .replace(/^\*/, `${first}-${last}`)
    .replace(/^\d+$/, '$&-$&')
    .replace(/^\d+(?=\/)/, `$&-${last}`)
    .replace(/^[^/]+$/, '$&/1');
  const [from = Number.NaN, to = 0, step = 0] = numbersOf(range);
  const isInside = first <= from && from <= to && to <= last;
  return isInside && step >= 1 && step <= last - first + 1 ? range : undefined;
}

function numbersOf(range: string): number[] {
  const match = /^(\d{1,4})-(\d{1,4})\/(\d{1,4})$/.exec(range);
  return match ? match.slice(1).map(Number) : [];
}
