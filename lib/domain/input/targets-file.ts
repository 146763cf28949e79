import * as z from 'zod/mini';
import { InputError, type Issue } from '../errors.ts';
import { strayEnd, withoutStrayEnds } from '../stray-characters.ts';
import { duplicates, issuesOf, strictObject, suggestion, wordIssue } from './schema.ts';
import { type Target, target } from './target.ts';

type Options = {
  /** What the document is called in errors, such as `infra/settings/targets.yml`. */
  source: string;
  /** The regions whose hosts are known. A target of another region must name all its endpoints. */
  regions: readonly string[];
};

const targetsFile = strictObject({
  targets: z.array(target).check(z.minLength(1, 'must list at least one target')),
});

/** Reads the targets document (parsed YAML or JSON), or throws one `InputError` that lists all its issues. */
export function readTargets(document: unknown, { source, regions }: Options): Target[] {
  const result = targetsFile.safeParse(document, { error: wordIssue });
  const issues = distinct(result.error ? issuesOf(result.error) : [], crossIssues(document, regions));
  if (!result.success || issues.length > 0) throw new InputError(`Invalid targets file ${source}:`, issues);
  return result.data.targets;
}

// Of two issues with one place, the one that knows the whole file says more.
function distinct(issues: readonly Issue[], across: readonly Issue[]): Issue[] {
  const reported = new Set(across.map(({ path }) => path));
  return [...issues.filter(({ path }) => !reported.has(path)), ...across];
}

// A check of several values reads the raw document, so that its issues are reported together with all others.
const sketchedTarget = z.partial(
  z.object({ id: z.string(), region: z.string(), endpoints: z.catch(z.looseObject({}), {}) }),
);
const sketch = z.object({ targets: z.array(z.catch(sketchedTarget, {})) });

type Sketch = z.output<typeof sketch>['targets'];

function crossIssues(document: unknown, regions: readonly string[]): Issue[] {
  const targets = sketch.safeParse(document).data?.targets ?? [];
  const ids = targets.map(({ id }) => id);
  return [...duplicates(ids, (index) => `targets[${index}].id`), ...unknownRegions(targets, regions)];
}

function* unknownRegions(targets: Sketch, regions: readonly string[]): Generator<Issue> {
  for (const [index, { region, endpoints = {} }] of targets.entries()) {
    if (region === undefined || regions.includes(region)) continue;
    // Any three names: a misspelt one is an issue of its own.
    if (Object.keys(endpoints).length >= 3) continue;
    yield { path: `targets[${index}].region`, ...unknownRegion(region, regions) };
  }
}

function unknownRegion(region: string, regions: readonly string[]): Pick<Issue, 'message' | 'fix'> {
  const stray = strayEnd(region);
  const message = stray ? `${stray}, so it has no known hosts` : 'has no known hosts';
  const fix = suggestion(withoutStrayEnds(region), regions);
  return { message, fix: stray ? fix : `${fix} (or set endpoints.iam, .export and .tasks)` };
}
