import { RUN_PROGRAM } from '../../core/execution.ts';
import { best, bm25 } from '../text/ranking.ts';
import { quotedSpans } from '../text/quoted-spans.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Action, Decision, EpisodeStart, Observation, Policy } from '../../core/types.ts';
import type { PolicyDefinition } from '../policy-definition.ts';
import { callCode } from '../programs/plan-program.ts';

export default { usage: 'retrieval', open: retrieval } satisfies PolicyDefinition;

/**
 * BM25 over what it can see, without learning. Takes the prompt clause by clause: loads the best match by name or
 * summary, calls the best match by name and description with the clause's quoted spans in order, and finishes.
 */
export function retrieval(): Policy {
  return {
    name: 'retrieval',
    start: (episode) => {
      let clauses = clausesOf(episode.prompt);
      let [index, isLoaded] = [0, false];
      let result = '';
      return {
        act: ([observation], user) => {
          if (user !== undefined) [clauses, index, isLoaded] = [clausesOf(user), 0, false];
          result = observation?.source === 'results' ? lastLine(observation) : result;
          for (let clause = clauses[index]; clause !== undefined; clause = clauses[++index]) {
            const loading = isLoaded ? undefined : load(episode, clause);
            isLoaded = true;
            if (loading) return { calls: [{ action: loading }] };
            const action = call(episode, clause, result);
            isLoaded = false;
            if (action === undefined) continue;
            index++;
            return { calls: [{ action }] };
          }
          return finish;
        },
      };
    },
  };
}

const finish: Decision = { calls: [{ action: { name: 'finish', arguments: {} } }] };

/** Parts of the prompt that quote something, cut at sentence ends, semicolons and words of sequence. */
function clausesOf(prompt: string): string[] {
  const parts = prompt.split(/(?<=["”\w])[.;?] |, then |, after that | and (?!the |its |whose )(?=\p{Ll}+ )/u);
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

/** Where programs alone may call, one of a single call, whose result it returns. */
function call(
  { metaTools, visible: { loaded, servers } }: EpisodeStart,
  clause: string,
  result: string,
): Action | undefined {
  const texts = loaded.map(({ server, name, description }) => `${server} ${name} ${name} ${description}`);
  const tool = loaded[best(bm25(texts)(withoutSpans(clause)))];
  if (!tool) return undefined;
  const source = { clause, spans: quotedSpans(clause), result };
  const { server, name, inputSchema } = tool;
  const filled = fillObject(inputSchema, source);
  const offers = (wanted: string) => metaTools.some((one) => one.name === wanted);
  if (offers('call_tool') || !offers(RUN_PROGRAM))
    return { name: 'call_tool', arguments: { server, tool: name, arguments: filled } };
  return {
    name: RUN_PROGRAM,
    arguments: { code: `return ${callCode({ server, tool: name }, JSON.stringify(filled), servers)};` },
  };
}

/** Where argument values come from; a span that is taken is gone. */
interface Source {
  readonly clause: string;
  readonly spans: string[];
  readonly result: string;
}

/** Once the clause has no span left, the last result stands in: it may be what is to be kept. */
const take = ({ spans, result }: Source) => spans.shift() ?? result;

/** Required properties only, in the schema's order. */
function fillObject(schema: JsonObject, source: Source): JsonObject {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonObject>>;
  const required = (schema['required'] ?? []) as readonly string[];
  return Object.fromEntries(required.map((name) => [name, fill(properties[name] ?? {}, source)]));
}

function fill(schema: JsonObject, source: Source): Json {
  const { type, enum: values, items } = schema;
  if (Array.isArray(values)) return choose(values as readonly Json[], source);
  if (type === 'object') return fillObject(schema, source);
  if (type === 'array') return [fill((items ?? {}) as JsonObject, source)];
  if (type === 'boolean') return true;
  if (type === 'number' || type === 'integer') return Number.parseFloat(take(source)) || 0;
  return take(source);
}

/** The value that the clause names, else the first. */
function choose(values: readonly Json[], { clause, spans }: Source): Json {
  const named = values.filter((value) => typeof value === 'string').find((value) => clause.includes(value));
  const quoted = named === undefined ? -1 : spans.indexOf(named);
  if (quoted >= 0) spans.splice(quoted, 1);
  return named ?? values[0] ?? '';
}

const withoutSpans = (text: string) => text.replaceAll(/"[^"]*"|“[^”]*”/gu, ' ');

const lastLine = ({ text }: Observation) => text.trim().split('\n').at(-1) ?? '';
