import { UsageError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { wholeFrom } from '../../core/settings.ts';
import { callTool, finish, mostFound, searchTools } from '../view-parts/meta-tools.ts';
import { loadFound } from '../view-parts/load-found.ts';
import { searchWays, toolSearch, type SearchWay } from '../view-parts/tool-search.ts';
import { vectorSearch } from '../view-parts/vector-search.ts';
import type { ViewContext } from '../view-parts/view-context.ts';
import { reply, settableView } from '../view-parts/view.ts';

/** `by`: how tools are found, `vectors` those of the model `embeddings`; `k`: how many a search shows where it does not say. */
interface SearchSettings {
  readonly by: SearchWay | 'vectors';
  readonly k: number;
  readonly embeddings: string;
}

/** Tools are found by what they do: no list of servers, so that the prompt is the same for every toolspace. */
export default settableView<SearchSettings>(
  'search',
  {
    defaults: { by: 'bm25', k: 5, embeddings: '' },
    choices: { by: [...searchWays, 'vectors'], embeddings: 'any' },
    ranges: { k: wholeFrom(1, mostFound) },
  },
  (settings) => {
    refuseHalf(settings);
    return {
      metaTools: [searchTools(settings.k), callTool, finish],
      firstServers: () => [],
      begin: () => undefined,
      system: () =>
        [
          'You carry out tasks with the tools of several servers. A tool has to be found with search_tools before call_tool',
          'can call it. When the task is done, call finish.',
        ].join('\n'),
      acts: { search_tools: (context, args) => search(context, args, settings) },
      advice: (server, tool) =>
        `The schema of ${tool} is not loaded. Call search_tools with {"query":"${server} ${tool}"} first.`,
      fresh: 'found',
      otherServers: () => 'Call search_tools with what the tool should do.',
    };
  },
  { modelOf: ({ embeddings }) => embeddings || undefined },
);

function refuseHalf({ by, embeddings }: SearchSettings): void {
  if ((by === 'vectors') === (embeddings !== '')) return;
  throw new UsageError(
    by === 'vectors'
      ? 'The view search finds by=vectors with a model: name it, as in search?by=vectors&embeddings=ollama:MODEL.'
      : `The view search asks the model ${embeddings} for nothing unless it finds by=vectors. Write search?by=vectors&embeddings=${embeddings}.`,
  );
}

async function search(context: ViewContext, args: JsonObject, { by, k, embeddings }: SearchSettings) {
  const { index, signal } = context;
  const query = args['query'] as string;
  const limit = (args['limit'] as number | undefined) ?? k;
  const found =
    by === 'vectors'
      ? await vectorSearch(index, { model: embeddings, query, limit, signal })
      : toolSearch(index, by)(query, limit);
  if (found.length === 0) return reply(nothingFound(query), 'listed', '', []);
  const all = [...context.index.tools.values()].reduce((sum, { size }) => sum + size, 0);
  const few = limit > all ? `There are only ${all} tools, fewer than the ${limit} asked for.\n` : '';
  return loadFound(context, found, few);
}

const nothingFound = (query: string): string =>
  query.trim() === ''
    ? 'Nothing was searched for: the query is empty. Say in a few words what the tool should do.'
    : `No tool was found for ${JSON.stringify(query)}. Search with other words, such as what the tool should do.`;
