import * as z from 'zod/mini';
import { type AlertRule, alertRule } from './alert-rule.ts';
import { type Fault, InputError } from './errors.ts';
import { faultsOf, wordIssue } from './faults.ts';
import { repeated } from './repeated.ts';
import type { Target } from './target.ts';
import { suggestion, writtenObject } from './written-object.ts';

type Options = {
  /** What the document is called in errors, such as `infra/alerts.yml`. */
  source: string;
  /** Those that rules may name. */
  targets: readonly Target[];
};

const alertsFile = writtenObject({ rules: z.array(alertRule) });

/** Reads the alerts document (parsed YAML or JSON), or throws one `InputError` that lists all its faults. */
export function readAlertRules(document: unknown, { source, targets }: Options): AlertRule[] {
  const result = alertsFile.safeParse(document, { error: wordIssue });
  const known = targets.map(({ id }) => id);
  const faults = [...(result.error ? faultsOf(result.error) : []), ...crossFaults(document, known)];
  if (!result.success || faults.length > 0) throw new InputError(`${source} is not right:`, faults);
  return result.data.rules;
}

// What concerns several values at once is read from the raw document, so that it is reported beside all other faults.
const text = z.catch(z.optional(z.string()), undefined);
const sketchedRule = z.object({ id: text, targets: z.catch(z.array(text), []) });
const sketch = z.object({ rules: z.array(z.catch(sketchedRule, { id: undefined, targets: [] })) });

function crossFaults(document: unknown, known: readonly string[]): Fault[] {
  const rules = sketch.safeParse(document).data?.rules ?? [];
  const ids = rules.map(({ id }) => id);
  return [
    ...repeated(ids, (index) => `rules[${index}].id`),
    ...rules.flatMap(({ targets }, index) => targetFaults(targets, known, `rules[${index}].targets`)),
  ];
}

function targetFaults(ids: readonly (string | undefined)[], known: readonly string[], path: string): Fault[] {
  const unknown = ids.flatMap((id, index) => {
    if (id === undefined || known.includes(id)) return [];
    return [{ path: `${path}[${index}]`, problem: `is not the id of a target; ${suggestion(id, known)}` }];
  });
  return [...unknown, ...repeated(ids, (index) => `${path}[${index}]`)];
}
