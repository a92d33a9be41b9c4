import { entityFact, fileFact, observationFact, relationFact, type Fact } from '../../../core/facts.ts';
import type { Tree } from '../../server-definition.ts';
import { fileFacts, without } from '../files/facts.ts';

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
  let graphLine: GraphLine;
  try {
    graphLine = JSON.parse(line) as GraphLine;
  } catch {
    return [fileFact('(unreadable graph line)', line)];
  }
  const { type, ...item } = graphLine;
  const [name, kind] = [String(item.name), String(item.entityType)];
  if (type === 'relation') return [relationFact(String(item.from), String(item.relationType), String(item.to))];
  if (type !== 'entity') return [];
  return [entityFact(name, kind), ...(item.observations ?? []).map((text) => observationFact(name, text))];
}
