import type { Tool } from '../../core/types.ts';
import { schemaText, withTools } from './tool-index.ts';
import type { ViewContext } from './view-context.ts';

/** What a policy is told of changed tools. */
export interface Changes {
  readonly words: string;
  /** What stands behind the words: the new schemas, a line each, with a line break before each; '' where they are to be loaded. */
  readonly schemas: string;
}

/**
 * Takes over what a server says of its tools in mid-episode, and says what is new; undefined where nothing is. The prompt stays
 * as it was. `showsAll`: the view loads nothing, so that new schemas go with the words.
 */
export function takeChanges(
  context: ViewContext,
  server: string,
  tools: readonly Tool[],
  showsAll: boolean,
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
  forget(context, [...removed, ...changed.flatMap(({ name }) => before.get(name) ?? [])]);
  for (const { name } of removed) context.removed.add(`${server}\n${name}`);
  for (const { name } of added) context.removed.delete(`${server}\n${name}`);
  const shown = context.names.get(server) ?? [];
  const stillShown = shown.filter((name) => names.has(name));
  context.names.set(server, [...stillShown, ...added.map(({ name }) => name)]);
  if (showsAll) for (const tool of [...added, ...changed]) markLoaded(context, tool);
  return wordsOf(server, { added, removed, changed }, showsAll);
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

function wordsOf(server: string, groups: Readonly<Record<string, readonly Tool[]>>, showsAll: boolean): Changes {
  const parts = Object.entries(groups).flatMap(([what, tools]) =>
    tools.length === 0 ? [] : [`${what} ${tools.map(({ name }) => name).join(', ')}`],
  );
  const { added = [], changed = [] } = groups;
  const fresh = [...added, ...changed];
  const schemas = showsAll ? fresh.map((tool) => `\n${schemaText(tool)}`).join('') : '';
  const cure = !showsAll && fresh.length > 0 ? ' Load their schemas before you call them.' : '';
  return { words: `[The tools of server ${server} have changed: ${parts.join('; ')}.${cure}]`, schemas };
}
