import { best, bm25 } from '../core/ranking.ts';
import { quotedSpans } from '../core/spans.ts';
import type { Action, Decision, EpisodeStart, Json, JsonObject, Observation, Policy, Tool } from '../core/types.ts';

/**
 * BM25 over what it can see, without learning. Takes the prompt clause by clause: loads the best match by name or
 * summary, calls the best match by name and description with the clause's quoted spans in order, and finishes.
 */
export default function retrieval(): Policy {
  return {
    name: 'retrieval',
    start: (episode) => {
      const clauses = clausesOf(episode.prompt);
      let [index, isLoaded] = [0, false];
      let result = '';
      return {
        act: (observation) => {
          result = observation?.source === 'results' ? lastLine(observation) : result;
          for (let clause = clauses[index]; clause !== undefined; clause = clauses[++index]) {
            const loading = isLoaded ? undefined : load(episode, clause);
            isLoaded = true;
            if (loading) return { action: loading };
            const action = call(episode.visible.loaded, clause, result);
            isLoaded = false;
            if (action === undefined) continue;
            index++;
            return { action };
          }
          return finish;
        },
      };
    },
  };
}

const finish: Decision = { action: { name: 'finish', arguments: {} } };

/** Parts of the prompt that quote something, cut at sentence ends, semicolons and words of sequence. */
function clausesOf(prompt: string): string[] {
  const parts = prompt.split(/(?<=["”\w])[.;?] |, then |, after that | and (?=\p{Ll}+ )/u);
  const quoting = parts.filter((part) => quotedSpans(part).length > 0);
  return quoting.length > 0 ? quoting : [prompt];
}

/** The load that the view asks for before a call: best server by name, summary and tool names, or best tool by name. */
function load({ view, visible }: EpisodeStart, clause: string): Action | undefined {
  if (view === 'eager') return undefined;
  if (view === 'server') {
    const texts = visible.servers.map(({ name, summary }) => `${name} ${summary}`);
    const server = visible.servers[best(bm25(texts)(withoutSpans(clause)))]?.name;
    if (server === undefined || visible.loaded.some((tool) => tool.server === server)) return undefined;
    return { name: 'load_server', arguments: { server } };
  }
  const names = [...visible.names].flatMap(([server, tools]) => tools.map((tool) => ({ server, tool })));
  const summaries = new Map(visible.servers.map(({ name, summary }) => [name, summary]));
  const texts = names.map(({ server, tool }) => `${tool} ${tool} ${server} ${summaries.get(server) ?? ''}`);
  const chosen = names[best(bm25(texts)(withoutSpans(clause)))];
  if (!chosen || visible.loaded.some((tool) => tool.server === chosen.server && tool.name === chosen.tool))
    return undefined;
  return { name: 'load_tools', arguments: { server: chosen.server, tools: [chosen.tool] } };
}

function call(loaded: readonly Tool[], clause: string, result: string): Action | undefined {
  const texts = loaded.map(({ server, name, description }) => `${server} ${name} ${name} ${description}`);
  const tool = loaded[best(bm25(texts)(withoutSpans(clause)))];
  if (!tool) return undefined;
  // Once the clause has no span left, the last result stands in: it may be what is to be kept.
  const spans = [...quotedSpans(clause)];
  const take = () => spans.shift() ?? result;
  const { server, name, inputSchema } = tool;
  return { name: 'call_tool', arguments: { server, tool: name, arguments: fillObject(inputSchema, take) } };
}

/** Required properties only, each from the next text. */
function fillObject(schema: JsonObject, take: () => string): JsonObject {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonObject>>;
  const required = (schema['required'] ?? []) as readonly string[];
  return Object.fromEntries(required.map((name) => [name, fill(properties[name] ?? {}, take)]));
}

function fill(schema: JsonObject, take: () => string): Json {
  const { type, enum: values, items } = schema;
  if (Array.isArray(values)) return (values as readonly Json[])[0] ?? '';
  if (type === 'object') return fillObject(schema, take);
  if (type === 'array') return [fill((items ?? {}) as JsonObject, take)];
  if (type === 'boolean') return true;
  if (type === 'number' || type === 'integer') return Number.parseFloat(take()) || 0;
  return take();
}

const withoutSpans = (text: string) => text.replaceAll(/"[^"]*"|“[^”]*”/gu, ' ');

const lastLine = ({ text }: Observation) => text.trim().split('\n').at(-1) ?? '';
