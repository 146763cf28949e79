import * as z from 'zod/mini';
import { type Fault, InputError } from './errors.ts';
import { faultsOf, wordIssue } from './faults.ts';
import { strayEnd, withoutStrayEnds } from './stray-characters.ts';
import { type Target, target } from './target.ts';
import { suggestion, writtenObject } from './written-object.ts';

type Options = {
  /** What the document is called in errors, such as `infra/targets.yml`. */
  source: string;
  /** The regions whose hosts are known; a target of another region must bring all its endpoints. */
  regions: readonly string[];
};

const targetsFile = writtenObject({
  targets: z.array(target).check(z.minLength(1, 'must list at least one target')),
});

/** Reads the targets document (parsed YAML or JSON), or throws one `InputError` that lists all its faults. */
export function readTargets(document: unknown, { source, regions }: Options): Target[] {
  const result = targetsFile.safeParse(document, { error: wordIssue });
  const faults = distinct(result.error ? faultsOf(result.error) : [], crossFaults(document, regions));
  if (!result.success || faults.length > 0) throw new InputError(`${source} is not right:`, faults);
  return result.data.targets;
}

// What is known of a place from the whole file says more than that the value there is not of its form.
function distinct(faults: readonly Fault[], across: readonly Fault[]): Fault[] {
  const told = new Set(across.map(({ path }) => path));
  return [...faults.filter(({ path }) => !told.has(path)), ...across];
}

// What concerns several values at once is read from the raw document, so that it is reported beside all other faults.
const sketchedTarget = z.partial(
  z.object({ id: z.string(), region: z.string(), endpoints: z.catch(z.looseObject({}), {}) }),
);
const sketch = z.object({ targets: z.array(z.catch(sketchedTarget, {})) });

type Sketch = z.output<typeof sketch>['targets'];

function crossFaults(document: unknown, regions: readonly string[]): Fault[] {
  const targets = sketch.safeParse(document).data?.targets ?? [];
  return [...duplicateIds(targets), ...unknownRegions(targets, regions)];
}

function* duplicateIds(targets: Sketch): Generator<Fault> {
  const seen = new Map<string, number>();
  for (const [index, { id }] of targets.entries()) {
    if (id === undefined) continue;
    const first = seen.get(id);
    if (first === undefined) seen.set(id, index);
    else
      yield {
        path: `targets[${index}].id`,
        problem: `must be unique; targets[${first}] is called "${id}" too`,
      };
  }
}

function* unknownRegions(targets: Sketch, regions: readonly string[]): Generator<Fault> {
  for (const [index, { region, endpoints = {} }] of targets.entries()) {
    if (region === undefined || regions.includes(region)) continue;
    // All three, whatever they are called: a name that is misspelt is reported itself.
    if (Object.keys(endpoints).length >= 3) continue;
    yield { path: `targets[${index}].region`, problem: unknownRegion(region, regions) };
  }
}

function unknownRegion(region: string, regions: readonly string[]): string {
  const stray = strayEnd(region);
  if (stray) return `${stray}, so it has no known hosts; ${suggestion(withoutStrayEnds(region), regions)}`;
  return `has no known hosts; ${suggestion(region, regions)} (or set endpoints.iam, .export and .tasks)`;
}
