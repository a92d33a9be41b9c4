import { messageOf, UsageError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { Connection } from './connection.ts';
import { callArguments } from './model-client.ts';
import { verdictOn, type FaultContext } from './verdict.ts';

/** A model behind an endpoint that makes vectors of texts. */
export interface EmbeddingClient {
  /** What tells this model from another of its name, as far as the endpoint says: Ollama's digest, or the address. */
  readonly build: (signal: AbortSignal) => Promise<string>;
  /** A vector of unit length for each text, in their order. Throws `UsageError` where the endpoint does not give them. */
  readonly embed: (texts: readonly string[], signal: AbortSignal) => Promise<readonly Float32Array[]>;
}

export interface EmbeddingOptions extends Omit<FaultContext, 'asked' | 'hasTools'> {
  readonly model: string;
  /** Up to and including the version; the route is OpenAI's, which Ollama has as well. */
  readonly url: string;
  readonly headers: () => Readonly<Record<string, string>>;
  readonly connection: Connection;
  readonly build: EmbeddingClient['build'];
}

/** Texts of one request. */
const batch = 32;

export function embeddingClient(options: EmbeddingOptions): EmbeddingClient {
  const { model, url, headers, connection, build, ...place } = options;
  const route = `${url}/embeddings`;
  const ask = async (input: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> => {
    try {
      const body = await connection.request(async (exchange) => {
        const response = await exchange(route, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers() },
          body: JSON.stringify({ model, input, encoding_format: 'float' }),
        });
        return response.text();
      }, signal);
      return vectorsIn(callArguments(body), input.length, place.endpoint);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof UsageError) throw error;
      const asked = `POST ${route} for the model "${model}"`;
      const verdict = await verdictOn(error, { ...place, asked, hasTools: false });
      // A view has no part of its own that could fail: whatever is wrong the user has to mend.
      throw verdict instanceof UsageError ? verdict : new UsageError(messageOf(verdict), { cause: verdict });
    }
  };
  return {
    build,
    embed: async (texts, signal) => {
      const vectors: Float32Array[] = [];
      for (let start = 0; start < texts.length; start += batch)
        vectors.push(...(await ask(texts.slice(start, start + batch), signal)));
      return vectors;
    },
  };
}

/** Throws `UsageError` for what is not as many vectors of one width as there were texts. */
function vectorsIn(reply: JsonObject | null, count: number, endpoint: string): readonly Float32Array[] {
  const data = Array.isArray(reply?.['data']) ? (reply['data'] as readonly unknown[]) : [];
  const rows = data.map((one, place) => {
    const { index = place, embedding } = isJsonObject(one) ? one : {};
    return { index: Number(index), vector: isNumbers(embedding) ? unit(embedding) : null };
  });
  const vectors = rows.toSorted((a, b) => a.index - b.index).flatMap(({ vector }) => vector ?? []);
  const widths = new Set(vectors.map(({ length }) => length));
  if (vectors.length === count && widths.size === 1 && !widths.has(0)) return vectors;
  throw new UsageError(
    `${endpoint} sent ${vectors.length} vectors for ${count} texts, or of several widths. Name a model that makes embeddings.`,
  );
}

const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((one) => Number.isFinite(one));

function unit(values: readonly number[]): Float32Array {
  const norm = Math.hypot(...values);
  return Float32Array.from(values, (value) => (norm === 0 ? 0 : value / norm));
}
