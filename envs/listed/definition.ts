import type { ToolResult } from '../../core/types.ts';
import { type ServerDefinition, stateless } from '../server-definition.ts';
import type { ListedSource } from './source.ts';
import { listedSources } from './sources.ts';

/** What clients say where nobody is at the other end. */
const gone: ToolResult = { text: 'Connection closed', isError: true };

const definitionOf = (source: ListedSource): ServerDefinition => ({
  ...stateless,
  name: source.name,
  package: source.package,
  summary: source.summary,
  entry: '',
  expectedTools: 0,
  listed: { source, answer: source.answer ?? gone },
});

/** Definitions of all listed servers, by name. */
export const listedDefinitions: ReadonlyMap<string, ServerDefinition> = new Map(
  listedSources.map((source) => [source.name, definitionOf(source)]),
);
