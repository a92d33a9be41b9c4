import { writeFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { entityFact, type Fact, observationFact, relationFact } from '../../../core/facts.ts';
import type { Tree } from '../../server-definition.ts';
import { fileFacts, without } from '../files/facts.ts';
import { isOfDatabase, readDatabase } from '../sql/facts.ts';
import { madeDatabase } from '../sql/files.ts';

/** The database in which `memory-libsql` keeps its graph. */
export const GRAPH_DATABASE = 'graph.db';

/**
 * The tables as the server would make them, but for the time at which a row is made: that is SQLite's own clock, by which the
 * server sorts, and so the same instant for all of them.
 */
const CREATED = "created_at DATETIME DEFAULT '2026-01-05 09:00:00'";
const TABLES = `
  CREATE TABLE entities (name TEXT PRIMARY KEY, entity_type TEXT NOT NULL, ${CREATED});
  CREATE TABLE observations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, entity_name TEXT NOT NULL, content TEXT NOT NULL, ${CREATED},
    FOREIGN KEY (entity_name) REFERENCES entities(name));
  CREATE TABLE relations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, target TEXT NOT NULL, relation_type TEXT NOT NULL, ${CREATED},
    FOREIGN KEY (source) REFERENCES entities(name), FOREIGN KEY (target) REFERENCES entities(name));`;

export const makeGraphTables = (folder: string): void =>
  writeFileSync(`${folder}/${GRAPH_DATABASE}`, madeDatabase(TABLES));

/** Facts of the graph, as those of the servers that keep it in a file; other files in the folder are stray ones. */
export function graphTableFacts(tree: Tree): Fact[] {
  const stray = fileFacts(without(tree, (path) => isOfDatabase(path, GRAPH_DATABASE)));
  return [...stray, ...(readDatabase(GRAPH_DATABASE, tree, factsOfGraph) ?? [])].sort();
}

function factsOfGraph(connection: DatabaseSync): Fact[] {
  const rows = (query: string) => connection.prepare(query).all() as unknown as readonly Record<string, string>[];
  return [
    ...rows('SELECT name, entity_type AS kind FROM entities').map(({ name = '', kind = '' }) => entityFact(name, kind)),
    ...rows('SELECT DISTINCT entity_name AS entity, content FROM observations').map(({ entity = '', content = '' }) =>
      observationFact(entity, content),
    ),
    ...rows('SELECT DISTINCT source, target, relation_type AS kind FROM relations').map(
      ({ source = '', target = '', kind = '' }) => relationFact(source, kind, target),
    ),
  ];
}
