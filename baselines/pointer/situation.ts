import type { EpisodeStart, Tool, Visible } from '../../core/types.ts';
import { makeAffinity, type Affinity } from './affinity.ts';
import { focusOf, makeMemory, unusedOf, type Memory } from './memory.ts';
import { readPrompt, type Prompt } from './prompt.ts';
import { readName, readServer, readTool, type NameReading, type ServerReading, type ToolReading } from './tools.ts';

/** Readings shared by all episodes of a policy; pure results of what they are keyed by. */
export interface Reader {
  readonly prompt: (text: string) => Prompt;
  readonly situation: (episode: EpisodeStart) => Situation;
}

/** An episode as the policy sees it at one turn. */
export interface Situation {
  readonly episode: EpisodeStart;
  readonly prompt: Prompt;
  readonly memory: Memory;
  readonly servers: () => readonly ServerReading[];
  /** Tools whose names are known but whose schemas are not. */
  readonly loadable: () => readonly NameReading[];
  readonly loaded: () => readonly ToolReading[];
  readonly affinity: () => Affinity;
  /** Mention in focus, −1 for none, and unused ones. */
  readonly focus: () => number;
  readonly unused: () => { mentions: number[]; values: number };
}

const keptPrompts = 64;

export function makeReader(): Reader {
  const prompts = new Map<string, Prompt>();
  const servers = new Map<string, ServerReading>();
  const names = new Map<string, NameReading>();
  const tools = new WeakMap<Tool, ToolReading>();
  const affinities = new Map<string, Affinity>();
  const keep = <V>(map: Map<string, V>, most: number, key: string, make: () => V): V => {
    const found = map.get(key);
    if (found !== undefined) return found;
    if (map.size >= most) map.delete(map.keys().next().value ?? '');
    const made = make();
    map.set(key, made);
    return made;
  };
  const cardOf = (visible: Visible, name: string) =>
    visible.servers.find((card) => card.name === name) ?? { name, summary: '' };
  const serverOf = (visible: Visible, name: string): ServerReading => {
    const card = cardOf(visible, name);
    const known = visible.names.get(name) ?? [];
    return keep(servers, 512, JSON.stringify([card, known]), () => readServer(card, known));
  };
  const nameOf = (visible: Visible, server: string, name: string): NameReading => {
    const card = cardOf(visible, server);
    const reading = serverOf(visible, server);
    return keep(names, 8192, `${server}\u0000${name}\u0000${card.summary}`, () => readName(reading, name, card));
  };
  const toolOf = (visible: Visible, tool: Tool): ToolReading => {
    let found = tools.get(tool);
    if (!found) {
      const reading = serverOf(visible, tool.server);
      tools.set(tool, (found = readTool(reading, tool, cardOf(visible, tool.server))));
    }
    return found;
  };
  const prompt = (text: string) => keep(prompts, keptPrompts, text, () => readPrompt(text));
  return {
    prompt,
    situation: (episode) => {
      const { visible } = episode;
      const read = prompt(episode.prompt);
      const memory = makeMemory(read);
      return {
        episode,
        prompt: read,
        memory,
        servers: () => visible.servers.map(({ name }) => serverOf(visible, name)),
        loadable: () => {
          const known = new Set(visible.loaded.map((tool) => `${tool.server}\u0000${tool.name}`));
          return [...visible.names].flatMap(([server, list]) =>
            list.filter((name) => !known.has(`${server}\u0000${name}`)).map((name) => nameOf(visible, server, name)),
          );
        },
        loaded: () => visible.loaded.map((tool) => toolOf(visible, tool)),
        affinity: () => {
          const listed = [...visible.names].flatMap(([server, list]) =>
            list.map((name) => nameOf(visible, server, name)),
          );
          const shown = listed.length > 0 ? listed : visible.loaded.map((tool) => toolOf(visible, tool));
          const cards = visible.servers.map(({ name }) => serverOf(visible, name));
          const counts = new Map<string, number>();
          for (const { server } of shown) counts.set(server.name, (counts.get(server.name) ?? 0) + 1);
          const key = JSON.stringify([[...counts], cards.map(({ name }) => name), episode.prompt]);
          return keep(affinities, keptPrompts, key, () => makeAffinity(read, cards, shown));
        },
        focus: () => focusOf(memory, read),
        unused: () => unusedOf(memory, read),
      };
    },
  };
}
