import { UsageError } from '../errors.ts';
import { RUN_PROGRAM } from '../execution.ts';
import type { JsonObject } from '../json.ts';
import type { MetaTool } from '../types.ts';
import { EndpointFault } from './fault.ts';
import type { ChatReply } from './model-client.ts';
import { openAiUrl } from './openai-functions.ts';

/*
 * Deferred functions stand in every request, and the model is shown only those that a search of the endpoint's own finds. In chat
 * completions `defer_loading` stands beside `function`. Sources: LiteLLM's page on Anthropic's tool search,
 * and https://docs.orq.ai/ai-gateway/features/server-tools/tool-search
 */

/** Searches of endpoints as they stand among the functions: of Claude behind LiteLLM, and of the gateway orq. */
const searches = {
  bm25: { type: 'tool_search_tool_bm25_20251119', name: 'tool_search_tool_bm25' },
  regex: { type: 'tool_search_tool_regex_20251119', name: 'tool_search_tool_regex' },
  orq: { type: 'orq:tool_search' },
} as const;

export type FunctionSearch = keyof typeof searches;
export const functionSearches = Object.keys(searches) as readonly FunctionSearch[];

/** What stands for itself and for no tool is always shown; endpoints refuse requests in which everything is deferred. */
const isOwn = ({ name }: MetaTool): boolean => name === 'finish' || name === RUN_PROGRAM;

/** Those of the functions that the model is shown from the start. */
export const shownFrom = (tools: readonly MetaTool[], search: FunctionSearch | undefined): readonly MetaTool[] =>
  search === undefined ? tools : tools.filter(isOwn);

/** Functions as a request has them, `search` in front where they are deferred. */
export function wireFunctions(tools: readonly MetaTool[], search: FunctionSearch | undefined): JsonObject[] {
  const functions = tools.map((tool): JsonObject => {
    const { name, description, inputSchema } = tool;
    const isDeferred = search !== undefined && !isOwn(tool);
    return {
      type: 'function',
      function: { name, description, parameters: inputSchema },
      ...(isDeferred ? { defer_loading: true } : {}),
    };
  });
  return search === undefined ? functions : [searches[search], ...functions];
}

/** How gateways call their searches in replies, in which they tell of them beside the calls that are the client's to make. */
const namesOfSearches: ReadonlySet<string> = new Set([
  'tool_search_tool_bm25',
  'tool_search_tool_regex',
  'orq_tool_search',
]);

/** The calls that are the client's: searches have been made by the endpoint. */
export const withoutSearches = (reply: ChatReply): ChatReply => ({
  ...reply,
  calls: reply.calls.filter(({ name }) => !namesOfSearches.has(name)),
});

const docs = 'docs/models.md says which endpoints have one.';

/** Endpoints that search deferred functions elsewhere, and not in chat completions. */
const elsewhere: Readonly<Record<string, string>> = {
  [new URL(openAiUrl).hostname]: 'in its Responses API alone',
  'openrouter.ai': 'in its Responses and Messages APIs alone',
};

/** Throws `UsageError` for an endpoint that is known to take no deferred functions in chat completions. */
export function refuseDeferring(url: string): void {
  const where = elsewhere[new URL(url).hostname];
  if (where === undefined) return;
  throw new UsageError(
    `${new URL(url).hostname} searches deferred functions ${where}, and Toolstone asks by chat completions. Leave out tools=deferred ` +
      `(--view search finds tools on any endpoint), or name an endpoint with such a search; ${docs}`,
  );
}

/** The sentence for an endpoint that refused deferred functions; undefined where it refused something else. */
export function deferringRefused(error: unknown, endpoint: string): UsageError | undefined {
  if (!(error instanceof EndpointFault) || !/defer_loading|tool_search/.test(error.words)) return undefined;
  return new UsageError(
    `${endpoint} takes no deferred functions (${error.status}: ${error.message}). Leave out tools=deferred, choose another ` +
      `tool-search (${functionSearches.join(', ')}), or name an endpoint with such a search; ${docs}`,
    { cause: error },
  );
}
