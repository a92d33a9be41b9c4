import { entityFact, fileFact, folderFact, observationFact, relationFact } from '../../../core/facts.ts';
import type { Fact } from '../../../core/types.ts';
import { parentsOf } from './tree.ts';
import type { Tree } from '../../server-definition.ts';

/** Every file with its text, and every folder. */
export function fileFacts(tree: Tree): Fact[] {
  const folders = new Set<string>();
  const facts: Fact[] = [];
  for (const [path, bytes] of tree) {
    for (const parent of parentsOf(path)) folders.add(parent);
    if (path.endsWith('/')) folders.add(path);
    else facts.push(fileFact(path, bytes.toString('utf8')));
  }
  for (const folder of folders) facts.push(folderFact(folder.slice(0, -1)));
  return facts.sort();
}

/** Tree without the paths below some folders or of some names. */
export function without(tree: Tree, isHidden: (path: string) => boolean): Tree {
  return new Map([...tree].filter(([path]) => !isHidden(path)));
}

/** A line of the graph file that the memory servers share. */
interface GraphLine {
  readonly type?: unknown;
  readonly name?: string;
  readonly entityType?: string;
  readonly observations?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly relationType?: string;
}

/** Facts of a graph file; other files in the folder are stray ones. */
export function graphFacts(graphFile: string): (tree: Tree) => Fact[] {
  return (tree) => {
    const facts = new Set(fileFacts(without(tree, (path) => path === graphFile)));
    const text = tree.get(graphFile)?.toString('utf8') ?? '';
    for (const line of text.split('\n')) {
      if (line.trim() !== '') for (const fact of lineFacts(line)) facts.add(fact);
    }
    return [...facts].sort();
  };
}

function lineFacts(line: string): Fact[] {
  let parsed: GraphLine;
  try {
    parsed = JSON.parse(line) as GraphLine;
  } catch {
    return [fileFact('(unreadable graph line)', line)];
  }
  const { type, ...item } = parsed;
  const [name, kind] = [String(item.name), String(item.entityType)];
  if (type === 'relation') return [relationFact(String(item.from), String(item.relationType), String(item.to))];
  if (type !== 'entity') return [];
  return [entityFact(name, kind), ...(item.observations ?? []).map((one) => observationFact(name, one))];
}
