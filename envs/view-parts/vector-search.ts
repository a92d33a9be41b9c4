import { openEmbeddings } from '../../core/models/open.ts';
import type { EmbeddingClient } from '../../core/models/embeddings.ts';
import { bestOf } from '../../core/ranking.ts';
import type { Tool } from '../../core/types.ts';
import type { ViewModel } from '../../core/view-types.ts';
import type { ToolIndex } from './tool-index.ts';
import { found, namedIn, toolsIn } from './tool-search.ts';
import { keptVectors, keepVectors, vectorKey } from './vector-cache.ts';

/** How long a text may be, in characters, for models whose endpoints refuse what is longer than they read. */
const mostTextCharacters = 8_000;
const mostQueryCharacters = 2_000;

export interface VectorQuery {
  /** Name of the model, as `openEmbeddings` takes it. */
  readonly model: string;
  readonly query: string;
  readonly limit: number;
  readonly signal: AbortSignal;
}

/**
 * The tools nearest to a query by the cosine of a model's vectors, the nearest first; a tool that the query names before them. Vectors of
 * tools are made at the first search of a toolspace and kept on disk. Throws `UsageError` where the model's endpoint does not answer.
 */
export async function vectorSearch(index: ToolIndex, asked: VectorQuery): Promise<readonly Tool[]> {
  const { model, query, limit, signal } = asked;
  const tools = toolsIn(index);
  const named = namedIn(tools)(query);
  if (named.length >= limit || query.trim() === '') return found(tools, named, [], limit);
  const vectors = await vectorsOf(index, model);
  const client = await clientOf(model);
  const [nearTo] = await client.embed([query.slice(0, mostQueryCharacters)], signal);
  if (!nearTo) return found(tools, named, [], limit);
  const scores = vectors.map((vector) => product(vector, nearTo));
  return found(tools, named, bestOf(scores, limit), limit);
}

/** 0 for vectors of another width, as a model has that was changed since. */
const product = (one: Float32Array, other: Float32Array): number =>
  one.length === other.length ? one.reduce((sum, value, at) => sum + value * (other[at] as number), 0) : 0;

/** What a manifest says of the model. Throws `UsageError` where it gives no vector. */
export async function embeddingModel(model: string, signal: AbortSignal): Promise<ViewModel> {
  const client = await clientOf(model);
  const build = await client.build(signal);
  const [vector] = await client.embed(['search'], signal);
  return { model, build, width: vector?.length ?? 0 };
}

const clients = new Map<string, Promise<EmbeddingClient>>();

function clientOf(model: string): Promise<EmbeddingClient> {
  const client = clients.get(model) ?? openEmbeddings(model);
  clients.set(model, client);
  return client;
}

/** By look-ups of a toolspace and model. */
const made = new WeakMap<ToolIndex, Map<string, Promise<readonly Float32Array[]>>>();

/** Episodes share what is made, so that the end of one must not abort it. */
const unending = new AbortController().signal;

function vectorsOf(index: ToolIndex, model: string): Promise<readonly Float32Array[]> {
  const ofIndex = made.get(index) ?? new Map<string, Promise<readonly Float32Array[]>>();
  made.set(index, ofIndex);
  const known = ofIndex.get(model);
  if (known) return known;
  const vectors = makeVectors(index, model);
  ofIndex.set(model, vectors);
  vectors.catch(() => ofIndex.delete(model));
  return vectors;
}

/** In the order of `toolsIn`. Kept by server, since toolspaces share servers. */
async function makeVectors(index: ToolIndex, model: string): Promise<readonly Float32Array[]> {
  const client = await clientOf(model);
  const build = await client.build(unending);
  const all: Float32Array[] = [];
  for (const ofServer of index.tools.values()) {
    const texts = [...ofServer.values()].map(textOf);
    if (texts.length === 0) continue;
    const key = vectorKey([model, build, ...texts]);
    const kept = keptVectors(key, texts.length);
    const vectors = kept ?? (await client.embed(texts, unending));
    if (!kept) keepVectors(key, vectors);
    all.push(...vectors);
  }
  return all;
}

const textOf = ({ name, description }: Tool): string => `${name}: ${description}`.slice(0, mostTextCharacters);
