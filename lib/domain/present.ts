/** Without what is undefined: a property that is there says something. */
export function present<Values extends object>(values: Values): Present<Values> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Present<Values>;
}

type Present<Values> = { [Name in keyof Values]?: Exclude<Values[Name], undefined> };
