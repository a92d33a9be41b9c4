import type { Tool } from '../../core/types.ts';
import { schemaText, withTools } from './tool-index.ts';
import type { ViewContext } from './view-context.ts';

/** What a policy is told of changed tools. */
export interface Changes {
  readonly words: string;
  /** What stands behind the words: the new schemas, behind a line break; '' where they are to be loaded or found. */
  readonly schemas: string;
  /** Names of tools that cannot be offered any more. */
  readonly tooLate?: readonly string[];
}

/** What becomes of tools that come or change in mid-episode (`ViewDesign.fresh`). */
export type FreshTools = 'loaded' | 'found' | 'shown' | 'too late';

const cures: Readonly<Partial<Record<FreshTools, string>>> = {
  loaded: ' Load their schemas before you call them.',
  found: ' Search for them before you call them.',
};

/**
 * Takes over what a server says of its tools in mid-episode, and says what is new; undefined where nothing is. The prompt stays
 * as it was. Where they are `shown`, new schemas go with the words; where it is `too late`, what the context shows stays as it is.
 */
export function takeChanges(
  context: ViewContext,
  server: string,
  tools: readonly Tool[],
  fresh: FreshTools,
): Changes | undefined {
  const before = context.index.tools.get(server) ?? new Map<string, Tool>();
  const isOfBefore = ({ name }: Tool) => before.has(name);
  const differs = (tool: Tool) => schemaText(tool) !== schemaText(before.get(tool.name) as Tool);
  const added = tools.filter((tool) => !isOfBefore(tool));
  const changed = tools.filter((tool) => isOfBefore(tool) && differs(tool));
  const names = new Set(tools.map(({ name }) => name));
  const removed = [...before.values()].filter(({ name }) => !names.has(name));
  if (added.length + changed.length + removed.length === 0) return undefined;
  // Tools that stay as they were stay the same objects, since views know the loaded ones by them.
  const present = tools.map((tool) => (isOfBefore(tool) && !differs(tool) ? (before.get(tool.name) as Tool) : tool));
  context.index = withTools(context.index, server, present);
  for (const { name } of removed) context.removed.add(`${server}\n${name}`);
  for (const { name } of added) context.removed.delete(`${server}\n${name}`);
  if (fresh === 'too late') {
    for (const tool of changed) context.isLoaded.add(tool);
    const tooLate = added.length === 0 ? {} : { tooLate: added.map(({ name }) => name) };
    return {
      words: wordsOf(server, { added, removed, changed }, tooLateWords(added, changed)),
      schemas: '',
      ...tooLate,
    };
  }
  forget(context, [...removed, ...changed.flatMap(({ name }) => before.get(name) ?? [])]);
  const shown = context.names.get(server) ?? [];
  const stillShown = shown.filter((name) => names.has(name));
  context.names.set(server, [...stillShown, ...added.map(({ name }) => name)]);
  const news = [...added, ...changed];
  const isShown = fresh === 'shown';
  if (isShown) for (const tool of news) markLoaded(context, tool);
  const cure = news.length > 0 ? (cures[fresh] ?? '') : '';
  return {
    words: wordsOf(server, { added, removed, changed }, cure),
    schemas: isShown && news.length > 0 ? `\n${context.form.ofServer(news, context)}` : '',
  };
}

/** Puts a tool among those whose schemas the context shows. */
export function markLoaded({ loaded, isLoaded }: ViewContext, tool: Tool): void {
  if (isLoaded.has(tool)) return;
  isLoaded.add(tool);
  loaded.push(tool);
}

function forget({ loaded, isLoaded }: ViewContext, tools: readonly Tool[]): void {
  for (const tool of tools) {
    if (!isLoaded.delete(tool)) continue;
    loaded.splice(loaded.indexOf(tool), 1);
  }
}

function tooLateWords(added: readonly Tool[], changed: readonly Tool[]): string {
  const ofAdded =
    added.length > 0 ? ' What was added cannot be called: the functions stay as they were at the start.' : '';
  return ofAdded + (changed.length > 0 ? ' What has changed keeps its old schema in the list of functions.' : '');
}

function wordsOf(server: string, groups: Readonly<Record<string, readonly Tool[]>>, cure: string): string {
  const parts = Object.entries(groups).flatMap(([what, tools]) =>
    tools.length === 0 ? [] : [`${what} ${tools.map(({ name }) => name).join(', ')}`],
  );
  return `[The tools of server ${server} have changed: ${parts.join('; ')}.${cure}]`;
}
