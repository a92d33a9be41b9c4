import { RUN_PROGRAM } from '../../core/execution.ts';
import { best, bm25 } from '../../core/ranking.ts';
import { clausesOf, queryOf, withoutSpans } from '../text/clauses.ts';
import { quotedSpans } from '../text/quoted-spans.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Action, Decision, EpisodeStart, Observation, Policy } from '../../core/types.ts';
import type { PolicyDefinition } from '../policy-definition.ts';
import { returningProgram } from '../programs/returning-program.ts';
import { takesQuery } from '../query-taking.ts';

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
      let [index, looked] = [0, 0];
      let result = '';
      return {
        act: ([observation], user) => {
          if (user !== undefined) [clauses, index, looked] = [clausesOf(user), 0, 0];
          result = observation?.source === 'results' ? lastLine(observation) : result;
          for (let clause = clauses[index]; clause !== undefined; clause = clauses[++index]) {
            while (looked < looks.length) {
              const look = looks[looked++]?.(episode, clause);
              if (look) return { calls: [{ action: look }] };
            }
            const action = call(episode, clause, result);
            looked = 0;
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

/** What is done for a clause before a call. */
const looks = [seek, load];

/** A search among servers, where the view does not show all. */
function seek({ metaTools }: EpisodeStart, clause: string): Action | undefined {
  if (!takesQuery(metaTools, 'list_servers')) return undefined;
  return { name: 'list_servers', arguments: { query: queryOf(clause) } };
}

/** The load that the view asks for before a call: best server by name and summary, best tool by name, or a search for the clause. */
function load({ metaTools, visible }: EpisodeStart, clause: string): Action | undefined {
  const has = (metaTool: string) => metaTools.some(({ name }) => name === metaTool);
  if (has('search_tools')) return { name: 'search_tools', arguments: { query: queryOf(clause) } };
  if (has('load_server')) {
    const texts = visible.servers.map(({ name, summary }) => `${name} ${summary}`);
    const server = visible.servers[best(bm25(texts)(withoutSpans(clause)))]?.name;
    if (server === undefined || visible.loaded.some((tool) => tool.server === server)) return undefined;
    return { name: 'load_server', arguments: { server } };
  }
  if (!has('load_tools')) return undefined;
  const names = [...visible.names].flatMap(([server, tools]) => tools.map((tool) => ({ server, tool })));
  const summaries = new Map(visible.servers.map(({ name, summary }) => [name, summary]));
  const texts = names.map(({ server, tool }) => `${tool} ${tool} ${server} ${summaries.get(server) ?? ''}`);
  const chosen = names[best(bm25(texts)(withoutSpans(clause)))];
  if (!chosen || visible.loaded.some((tool) => tool.server === chosen.server && tool.name === chosen.tool))
    return undefined;
  return { name: 'load_tools', arguments: { server: chosen.server, tools: [chosen.tool] } };
}

/** Where programs alone may call, one of a single call, whose result it returns. */
function call({ execution, visible }: EpisodeStart, clause: string, result: string): Action | undefined {
  const { loaded } = visible;
  const texts = loaded.map(({ server, name, description }) => `${server} ${name} ${name} ${description}`);
  const tool = loaded[best(bm25(texts)(withoutSpans(clause)))];
  if (!tool) return undefined;
  const source = { clause, spans: quotedSpans(clause), result };
  const { server, name, inputSchema } = tool;
  const filled = fillObject(inputSchema, source);
  if (execution !== 'programs') return { name: 'call_tool', arguments: { server, tool: name, arguments: filled } };
  const code = returningProgram([{ server, tool: name, arguments: filled }], visible);
  return { name: RUN_PROGRAM, arguments: { code } };
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

const lastLine = ({ text }: Observation) => text.trim().split('\n').at(-1) ?? '';
