import type { Files } from '../../../core/types.ts';
import { UsageError } from '../../../core/errors.ts';
import { GRAPH_FILE as KNOWLEDGE_GRAPH_FILE } from '../../servers/knowledge-graph.ts';
import { GRAPH_FILE as MEMORY_FILE } from '../../servers/memory.ts';

/** A knowledge graph as a task states it. */
export interface Graph {
  readonly entities: readonly {
    readonly name: string;
    readonly type: string;
    readonly observations: readonly string[];
  }[];
  readonly relations: readonly { readonly from: string; readonly type: string; readonly to: string }[];
}

const GRAPH_FILES: Readonly<Record<string, { readonly file: string; readonly extra: object }>> = {
  memory: { file: MEMORY_FILE, extra: {} },
  'knowledge-graph': { file: KNOWLEDGE_GRAPH_FILE, extra: { createdAt: '2026-01-01T00:00:00.000Z', version: 1 } },
};

/** Fixture files with which a graph server (`memory` or `knowledge-graph`) starts holding this graph. */
export function graphFiles(server: string, graph: Graph): Files {
  const format = GRAPH_FILES[server];
  if (!format)
    throw new UsageError(`Server ${server} keeps no graph; use one of ${Object.keys(GRAPH_FILES).join(', ')}.`);
  const entities = graph.entities.map(({ name, type, observations }) => ({
    type: 'entity',
    name,
    entityType: type,
    observations,
    ...format.extra,
  }));
  const relations = graph.relations.map(({ from, type, to }) => ({
    type: 'relation',
    from,
    to,
    relationType: type,
    ...format.extra,
  }));
  return { [format.file]: [...entities, ...relations].map((line) => JSON.stringify(line)).join('\n') };
}
