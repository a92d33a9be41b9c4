import type { EpisodeStart, ServerCard, Tool, Visible } from '../../core/types.ts';
import { makeAffinity, type Affinity } from './affinity.ts';
import { makeMemory, memoryAfter, memoryExpecting, type Memory, type PendingCall, type Unused } from './memory.ts';
import { readPrompt, type Prompt } from './prompt.ts';
import type { ArgumentReach } from './schema.ts';
import { readName, readServer, readTool, type NameReading, type ServerReading, type ToolReading } from './tools.ts';
import { byStems, type WordReading } from './word-reading.ts';

/** Opens episodes; keeps readings of prompts and tools, which are pure results of what they are kept by. */
export type Reader = (episode: EpisodeStart) => Situation;

/** An episode as the policy sees it; the methods answer for the present turn. */
export interface Situation {
  readonly episode: EpisodeStart;
  readonly words: WordReading;
  readonly prompt: Prompt;
  readonly memory: Memory;
  readonly servers: () => readonly ServerReading[];
  /** Tools whose names are known but whose schemas are not. */
  readonly loadable: () => readonly NameReading[];
  readonly loaded: () => readonly ToolReading[];
  readonly affinity: () => Affinity;
  /** Mention in focus, −1 for none. */
  readonly focus: () => number;
  readonly unused: () => Unused;
  /** The episode once the user has said what to do next. */
  readonly after: (text: string) => Situation;
  /** The episode as it will be if the call succeeds, but for what it will bring. */
  readonly expecting: (call: PendingCall) => Situation;
}

/** A server with the names that are known of its tools. */
interface Shelf {
  readonly server: ServerReading;
  readonly names: readonly NameReading[];
}

const keptPrompts = 64;
const noNames: readonly string[] = [];

export function makeReader(words = byStems, reach: ArgumentReach = 'required'): Reader {
  const prompts = new Map<string, Prompt>();
  const affinities = new Map<string, Affinity>();
  const shelves = new WeakMap<ServerCard, WeakMap<readonly string[], Shelf>>();
  const tools = new WeakMap<Tool, ToolReading>();

  const shelfOf = (card: ServerCard, list: readonly string[]): Shelf => {
    let byList = shelves.get(card);
    if (!byList) shelves.set(card, (byList = new WeakMap<readonly string[], Shelf>()));
    let shelf = byList.get(list);
    if (!shelf) {
      const server = readServer(card, list, words);
      byList.set(list, (shelf = { server, names: list.map((name) => readName(server, name, card, words)) }));
    }
    return shelf;
  };
  const toolOf = (visible: Visible, tool: Tool): ToolReading => {
    let found = tools.get(tool);
    if (!found) {
      const card = visible.servers.find(({ name }) => name === tool.server) ?? { name: tool.server, summary: '' };
      tools.set(
        tool,
        (found = readTool(shelfOf(card, noNames).server, tool, card, words, reach, visible.resultShape?.(tool))),
      );
    }
    return found;
  };
  const shelvesOf = ({ servers, names }: Visible) =>
    servers.map((card) => shelfOf(card, names.get(card.name) ?? noNames));

  const promptOf = (text: string) => remembered(prompts, text, () => readPrompt(text, words));

  const situationOf = (episode: EpisodeStart, prompt: Prompt, memory: Memory): Situation => {
    const { visible } = episode;
    let latest = { count: -1, affinity: undefined as Affinity | undefined };
    const loaded = () => visible.loaded.map((tool) => toolOf(visible, tool));
    const situation: Situation = {
      episode,
      words,
      prompt,
      memory,
      servers: () => shelvesOf(visible).map(({ server }) => server),
      loaded,
      loadable: () => withoutLoaded(shelvesOf(visible), visible),
      affinity: () => {
        // Names and servers only ever become more within an episode, so that their number tells whether any are new.
        let count = 0;
        for (const list of visible.names.values()) count += list.length;
        count = (count || visible.loaded.length) + visible.servers.length;
        if (latest.affinity && latest.count === count) return latest.affinity;
        const all = shelvesOf(visible);
        const listed = all.flatMap(({ names }) => names);
        const shown = listed.length > 0 ? listed : loaded();
        const key = JSON.stringify([
          episode.prompt,
          all.map(({ server }) => server.name),
          shown.map(({ name }) => name),
        ]);
        const affinity = remembered(affinities, key, () =>
          makeAffinity(
            prompt,
            all.map(({ server }) => server),
            shown,
            words,
          ),
        );
        latest = { count, affinity };
        return affinity;
      },
      focus: () => memory.unused.mentions[0] ?? -1,
      unused: () => memory.unused,
      after: (text) => situationOf({ ...episode, prompt: text }, promptOf(text), memoryAfter(memory, promptOf(text))),
      // What names match hangs on the prompt alone.
      expecting: (call) => ({
        ...situationOf(episode, prompt, memoryExpecting(memory, prompt, call)),
        affinity: situation.affinity,
      }),
    };
    return situation;
  };
  return (episode) => {
    const prompt = promptOf(episode.prompt);
    return situationOf(episode, prompt, makeMemory(prompt, reach));
  };
}

/** Names on the shelves whose schemas are not loaded. */
function withoutLoaded(shelves: readonly Shelf[], { loaded }: Visible): readonly NameReading[] {
  const namesByServer = new Map<string, Set<string>>();
  for (const { server, name } of loaded) namesByServer.set(server, (namesByServer.get(server) ?? new Set()).add(name));
  return shelves.flatMap(({ server, names }) => {
    const loadedNames = namesByServer.get(server.name);
    return loadedNames ? names.filter(({ name }) => !loadedNames.has(name)) : names;
  });
}

/** The value kept under a key, or a new one; the oldest makes room. */
function remembered<V>(map: Map<string, V>, key: string, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  if (map.size >= keptPrompts) map.delete(map.keys().next().value ?? '');
  const made = make();
  map.set(key, made);
  return made;
}
