import type { JsonObject } from '../../core/json.ts';
import { didYouMean } from '../../core/near-names.ts';
import { bm25 } from '../../core/ranking.ts';
import { wholeFrom, type KnownSettings } from '../../core/settings.ts';
import type { Toolspace, ViewReply } from '../../core/types.ts';
import { listServers, listServersInPages } from './meta-tools.ts';
import { toolIndex, type ToolIndex } from './tool-index.ts';
import type { ViewContext } from './view-context.ts';
import { refuse, reply, type ViewDesign } from './view.ts';

/** `page`: most servers that prompt and list show at once; 0: all. */
export interface ListSettings {
  readonly page: number;
}

export const listSettings: KnownSettings<ListSettings> = {
  defaults: { page: 0 },
  choices: {},
  ranges: { page: wholeFrom(0, 1_000) },
};

/** The list of servers of a view: what the prompt shows of it, and the meta-tool that shows it. */
export interface ServerList extends Pick<ViewDesign, 'firstServers' | 'otherServers'> {
  readonly metaTool: ViewDesign['metaTools'][number];
  readonly prompt: (toolspace: Toolspace, toolNamesUpFront: boolean) => string;
  /** Puts the names of tools that the prompt shows into the context. */
  readonly begin: (context: ViewContext) => void;
  readonly act: ViewDesign['acts'][string];
}

/** What of a list of servers is the view's own choice. */
export interface ListDesign {
  /** Servers are followed by the names of their tools where those are to be known up front; otherwise never. */
  readonly mayName: boolean;
}

/** The whole list, or pages of it where there are more servers than one page shows. */
export const serverList = ({ page }: ListSettings, design: ListDesign): ServerList =>
  page === 0 ? wholeList(design) : pagedList(page, design);

const linesOf = (index: ToolIndex, isNamed: boolean) => (isNamed ? index.namedServerLines : index.serverLines);

const wholeList = ({ mayName }: ListDesign): ServerList => ({
  metaTool: listServers,
  prompt: (toolspace, toolNamesUpFront) => linesOf(toolIndex(toolspace), mayName && toolNamesUpFront).join('\n'),
  begin: (context) => showNames(context, context.servers, mayName),
  act: ({ index }) => reply(index.serverLines.join('\n'), 'listed', '', []),
});

const pagedList = (page: number, { mayName }: ListDesign): ServerList => ({
  metaTool: listServersInPages(page),
  firstServers: ({ servers }) => servers.slice(0, page),
  prompt: (toolspace, toolNamesUpFront) => {
    const lines = linesOf(toolIndex(toolspace), mayName && toolNamesUpFront);
    if (lines.length <= page) return lines.join('\n');
    const more = `These are ${page} of ${lines.length} servers. list_servers shows the others, by pages or for a query.`;
    return [...lines.slice(0, page), more].join('\n');
  },
  begin: (context) => showNames(context, context.servers, mayName),
  act: (context, args) => listPage(context, args, page, mayName),
  otherServers: ({ index }, server) => {
    const near = didYouMean(server, [...index.tools.keys()]);
    return `${near === '' ? '' : `${near.trim()} `}list_servers finds servers for a query.`;
  },
});

function listPage(context: ViewContext, args: JsonObject, size: number, mayName: boolean): ViewReply {
  const { index, toolNamesUpFront } = context;
  const query = args['query'] as string | undefined;
  const number = (args['page'] as number | undefined) ?? 1;
  const places = query === undefined ? [...index.cards.keys()] : found(index, query);
  const pages = Math.ceil(places.length / size);
  if (pages === 0) return reply(`No server was found for ${JSON.stringify(query)}. Try other words.`, 'listed', '', []);
  if (number > pages) return refuse(`There is no page ${number}: the last one is ${pages}.`);
  const shown = places.slice((number - 1) * size, number * size);
  const lines = shown.map((place) => linesOf(index, mayName && toolNamesUpFront)[place] ?? '');
  const cards = shown.flatMap((place) => index.cards[place] ?? []);
  for (const card of cards) if (!context.servers.includes(card)) context.servers.push(card);
  showNames(context, cards, mayName);
  const end = pages === 1 ? [] : [`Page ${number} of ${pages}.`];
  return reply([...lines, ...end].join('\n'), 'listed', '', []);
}

function showNames(context: ViewContext, servers: ViewContext['servers'], mayName: boolean): void {
  const { names, index, toolNamesUpFront } = context;
  if (!mayName || !toolNamesUpFront) return;
  for (const { name } of servers) names.set(name, index.names.get(name) ?? []);
}

/** By the lines that are searched, so that they are made once, and anew for the episode in which tools have changed. */
const searches = new WeakMap<ToolIndex['namedServerLines'], ReturnType<typeof bm25>>();

/** Places of servers that share words with a query by name, summary and tool names: the best first, one of that name before all. */
function found({ cards, namedServerLines }: ToolIndex, query: string): readonly number[] {
  let search = searches.get(namedServerLines);
  if (!search) searches.set(namedServerLines, (search = bm25(namedServerLines)));
  const scores = search(query);
  const places = [...cards.keys()].filter((place) => (scores[place] ?? 0) > 0);
  const isNamed = (place: number) => (cards[place]?.name === query.trim() ? 1 : 0);
  return places.sort((a, b) => isNamed(b) - isNamed(a) || (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
}
