import * as z from 'zod/mini';
import { InputError, type Issue } from '../errors.ts';
import { strayEnd, withoutStrayEnds } from '../stray-characters.ts';
import { issuesOf, strictObject, suggestion, wordIssue } from './schema.ts';
import { type Target, target } from './target.ts';

type Options = {
  /** What the document is called in errors, such as `infra/settings/targets.yml`. */
  source: string;
  /** The regions whose hosts are known; a target of another region must bring all its endpoints. */
  regions: readonly string[];
};

const targetsFile = strictObject({
  targets: z.array(target).check(z.minLength(1, 'must list at least one target')),
});

/** Reads the targets document (parsed YAML or JSON), or throws one `InputError` that lists all its issues. */
export function readTargets(document: unknown, { source, regions }: Options): Target[] {
  const result = targetsFile.safeParse(document, { error: wordIssue });
  const issues = distinct(result.error ? issuesOf(result.error) : [], crossIssues(document, regions));
  if (!result.success || issues.length > 0) throw new InputError(`${source} is not right:`, issues);
  return result.data.targets;
}

// What is known of a place from the whole file says more than that the value there is not of its form.
function distinct(issues: readonly Issue[], across: readonly Issue[]): Issue[] {
  const told = new Set(across.map(({ path }) => path));
  return [...issues.filter(({ path }) => !told.has(path)), ...across];
}

// What concerns several values at once is read from the raw document, so that it is reported beside all other issues.
const sketchedTarget = z.partial(
  z.object({ id: z.string(), region: z.string(), endpoints: z.catch(z.looseObject({}), {}) }),
);
const sketch = z.object({ targets: z.array(z.catch(sketchedTarget, {})) });

type Sketch = z.output<typeof sketch>['targets'];

function crossIssues(document: unknown, regions: readonly string[]): Issue[] {
  const targets = sketch.safeParse(document).data?.targets ?? [];
  return [...duplicateIds(targets), ...unknownRegions(targets, regions)];
}

function* duplicateIds(targets: Sketch): Generator<Issue> {
  const seen = new Map<string, number>();
  for (const [index, { id }] of targets.entries()) {
    if (id === undefined) continue;
    const first = seen.get(id);
    if (first === undefined) seen.set(id, index);
    else
      yield {
        path: `targets[${index}].id`,
        message: `must be unique; targets[${first}] is called "${id}" too`,
      };
  }
}

function* unknownRegions(targets: Sketch, regions: readonly string[]): Generator<Issue> {
  for (const [index, { region, endpoints = {} }] of targets.entries()) {
    if (region === undefined || regions.includes(region)) continue;
    // All three, whatever they are called: a name that is misspelt is reported itself.
    if (Object.keys(endpoints).length >= 3) continue;
    yield { path: `targets[${index}].region`, ...unknownRegion(region, regions) };
  }
}

function unknownRegion(region: string, regions: readonly string[]): Omit<Issue, 'path'> {
  const stray = strayEnd(region);
  if (stray)
    return {
      message: `${stray}, so it has no known hosts`,
      fix: suggestion(withoutStrayEnds(region), regions),
    };
  const fix = `${suggestion(region, regions)} (or set endpoints.iam, .export and .tasks)`;
  return { message: 'has no known hosts', fix };
}
