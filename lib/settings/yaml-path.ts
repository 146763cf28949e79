import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';

/**
 * What stands at a path such as `targets[0].window["a key"]`: a key of a mapping, or an element of a list. Where
 * something is missing, what it is missing in.
 */
export function nodeAt(parsed: Document, path: string): Node | undefined {
  let place: Node | undefined;
  let inside = resolved(parsed.contents, parsed);
  for (const step of stepsOf(path)) {
    const next = inside && stepInto(inside, step);
    if (!next) break;
    place = next.place ?? place;
    inside = resolved(next.inside, parsed);
  }
  return place;
}

type Step = { place: Node | undefined; inside: unknown };

const STEP = /\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g;

function stepsOf(path: string): string[] {
  return [...path.matchAll(STEP)].map(([, quoted, index, plain]) =>
    quoted === undefined ? (index ?? plain ?? '') : quoted.replaceAll(/\\(.)/g, '$1'),
  );
}

function stepInto(node: Node, step: string): Step | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? undefined : { place: asNode(item), inside: item };
  }
  const pair = isMap(node) ? node.items.find((one) => keyOf(one) === step) : undefined;
  return pair && { place: asNode(pair.key), inside: pair.value };
}

function keyOf({ key }: Pair): string {
  return String(isScalar(key) ? key.value : key);
}

function resolved(value: unknown, parsed: Document): Node | undefined {
  const node = asNode(value);
  return isAlias(node) ? node.resolve(parsed) : node;
}

function asNode(value: unknown): Node | undefined {
  return isAlias(value) || isMap(value) || isSeq(value) || isScalar(value) ? value : undefined;
}
