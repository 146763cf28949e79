import * as z from 'zod/mini';
import { type AlertRule, alertRule } from './alert-rule.ts';
import { InputError, type Issue } from './errors.ts';
import { issuesOf, wordIssue } from './issues.ts';
import { repeated } from './repeated.ts';
import { strictObject, suggestion } from './strict-object.ts';
import type { Target } from './target.ts';

type Options = {
  /** What the document is called in errors, such as `infra/alerts.yml`. */
  source: string;
  /** Those that rules may name. */
  targets: readonly Target[];
};

const alertsFile = strictObject({ rules: z.array(alertRule) });

/** Reads the alerts document (parsed YAML or JSON), or throws one `InputError` that lists all its issues. */
export function readAlertRules(document: unknown, { source, targets }: Options): AlertRule[] {
  const result = alertsFile.safeParse(document, { error: wordIssue });
  const known = targets.map(({ id }) => id);
  const issues = [...(result.error ? issuesOf(result.error) : []), ...crossIssues(document, known)];
  if (!result.success || issues.length > 0) throw new InputError(`${source} is not right:`, issues);
  return result.data.rules;
}

// What concerns several values at once is read from the raw document, so that it is reported beside all other issues.
const text = z.catch(z.optional(z.string()), undefined);
const sketchedRule = z.object({ id: text, targets: z.catch(z.array(text), []) });
const sketch = z.object({ rules: z.array(z.catch(sketchedRule, { id: undefined, targets: [] })) });

function crossIssues(document: unknown, known: readonly string[]): Issue[] {
  const rules = sketch.safeParse(document).data?.rules ?? [];
  const ids = rules.map(({ id }) => id);
  return [
    ...repeated(ids, (index) => `rules[${index}].id`),
    ...rules.flatMap(({ targets }, index) => targetIssues(targets, known, `rules[${index}].targets`)),
  ];
}

function targetIssues(ids: readonly (string | undefined)[], known: readonly string[], path: string): Issue[] {
  const unknown = ids.flatMap((id, index) => {
    if (id === undefined || known.includes(id)) return [];
    return [{ path: `${path}[${index}]`, message: `is not the id of a target; ${suggestion(id, known)}` }];
  });
  return [...unknown, ...repeated(ids, (index) => `${path}[${index}]`)];
}
