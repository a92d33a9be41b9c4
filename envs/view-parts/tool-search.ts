import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { bestOf, bm25 } from '../../core/ranking.ts';
import type { Tool } from '../../core/types.ts';
import { clauseVector, vectorWidth } from '../../core/word-vectors/word-vectors.ts';
import type { ToolIndex } from './tool-index.ts';

/** How tools are found: by words that they share with a query, by what words mean, or by both. */
export const searchWays = ['bm25', 'embeddings', 'both'] as const;
export type SearchWay = (typeof searchWays)[number];

/** The best tools for a query, the best first; none that has nothing to do with it. */
export type ToolSearch = (query: string, limit: number) => readonly Tool[];

/** By look-ups of a toolspace, so that they are made once, and anew for the episode in which tools have changed. */
const searches = new WeakMap<ToolIndex, Map<SearchWay, ToolSearch>>();

export function toolSearch(index: ToolIndex, way: SearchWay): ToolSearch {
  const made = searches.get(index) ?? new Map<SearchWay, ToolSearch>();
  searches.set(index, made);
  let search = made.get(way);
  if (!search) made.set(way, (search = makeSearch(index, way)));
  return search;
}

function makeSearch(index: ToolIndex, way: SearchWay): ToolSearch {
  const tools = toolsIn(index);
  const rankings = { bm25: [byWords], embeddings: [byMeaning], both: [byWords, byMeaning] }[way].map((make) =>
    make(tools),
  );
  const named = namedIn(tools);
  return (query, limit) => {
    const places = named(query);
    return found(tools, places, places.length < limit ? first(rankings, query, limit) : [], limit);
  };
}

export const toolsIn = (index: ToolIndex): readonly Tool[] =>
  [...index.tools.values()].flatMap((ofServer) => [...ofServer.values()]);

/** Places of the tools that a query is the name of, with its server or without. */
export function namedIn(tools: readonly Tool[]): (query: string) => readonly number[] {
  const places = new Map<string, number[]>();
  tools.forEach(({ server, name }, place) => {
    for (const called of [name, `${server} ${name}`]) places.set(called, [...(places.get(called) ?? []), place]);
  });
  return (query) => places.get(query.trim()) ?? places.get(nameIn(query)) ?? [];
}

/** At most `limit` tools by their places, those that are named before those that are ranked. */
export const found = (
  tools: readonly Tool[],
  named: readonly number[],
  ranked: readonly number[],
  limit: number,
): readonly Tool[] => [...new Set([...named, ...ranked])].slice(0, limit).flatMap((place) => tools[place] ?? []);

/** `server.tool`, `server__tool` and `server/tool` name a tool as `server tool` does. */
const nameIn = (query: string): string => query.trim().replace(/^(\S+?)(?:\.|__|\/)(?=\S+$)/, '$1 ');

/** The first tools for a query, as many as asked for, by their places. */
type Ranking = (query: string, most: number) => readonly number[];

/** Okapi BM25 over names, twice, descriptions, and the names and descriptions of parameters. */
function byWords(tools: readonly Tool[]): Ranking {
  const score = bm25(
    tools.map(({ server, name, description, inputSchema }) =>
      [server, name, name, description, ...parameterTexts(inputSchema)].join(' '),
    ),
  );
  return (query, most) => bestOf(score(query), most);
}

/** Names and descriptions of parameters, those within parameters too. */
function parameterTexts(schema: JsonObject): string[] {
  return Object.entries(schema).flatMap(([key, value]): string[] => {
    if (key === 'properties' && isJsonObject(value))
      return Object.entries(value).flatMap(([name, property]) => [name, ...textsOf(property)]);
    return typeof value === 'object' && value !== null && key !== 'enum' ? textsOf(value) : [];
  });
}

function textsOf(property: Json): string[] {
  if (Array.isArray(property)) return property.flatMap((one: Json) => textsOf(one));
  if (!isJsonObject(property)) return [];
  const { description } = property;
  return [...(typeof description === 'string' ? [description] : []), ...parameterTexts(property)];
}

/** Cosine of the house's vectors of words, of the query and of each tool's name and description. */
function byMeaning(tools: readonly Tool[]): Ranking {
  const rows = new Float32Array(tools.length * vectorWidth);
  tools.forEach(({ name, description }, place) =>
    rows.set(clauseVector(`${name} ${description}`), place * vectorWidth),
  );
  return (query, most) => {
    const asked = clauseVector(query);
    return bestOf(
      Float32Array.from(tools, (_, place) => product(rows, place * vectorWidth, asked)),
      most,
    );
  };
}

function product(rows: Float32Array, start: number, asked: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < vectorWidth; i++) sum += (rows[start + i] as number) * (asked[i] as number);
  return sum;
}

/** Source: Cormack, Clarke and Büttcher, Reciprocal Rank Fusion outperforms Condorcet (2009), which proposes 60. */
const fusionConstant = 60;
/** So far down a ranking is worth next to nothing. */
const fusedRanks = 200;

/** The first of one ranking, or by reciprocal rank fusion of several. */
function first([only, ...more]: readonly Ranking[], query: string, most: number): readonly number[] {
  if (!only) return [];
  if (more.length === 0) return only(query, most);
  const scores: number[] = [];
  for (const rank of [only, ...more])
    for (const [at, place] of rank(query, fusedRanks).entries())
      scores[place] = (scores[place] ?? 0) + 1 / (fusionConstant + at + 1);
  return bestOf(
    Array.from(scores, (score) => score ?? 0),
    most,
  );
}
