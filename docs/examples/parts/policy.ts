import type { Action, EpisodeStart, PolicyDefinition, Tool } from 'toolstone';

/**
 * Loads the tool whose name shares most words with the prompt, calls it once with the texts that the prompt quotes, and
 * answers with its result. `./my-policy.ts?tries=2` calls it twice.
 */
export default {
  usage: 'my-policy',
  settings: { defaults: { tries: 1 }, choices: {} },
  open: ({ settings }) => ({
    name: 'my-policy',
    start: (episode) => {
      let called = 0;
      return {
        // What followed its last calls, an observation each; none at first.
        act: ([observation]) => {
          const tool = episode.visible.loaded.find((one) => one.name === bestName(episode));
          const action: Action =
            called === settings.tries
              ? { name: 'finish', arguments: { answer: observation?.text ?? '' } }
              : tool
                ? callOf(tool, episode.prompt)
                : loadOf(episode, observation === undefined);
          if (action.name === 'call_tool') called += 1;
          return { calls: [{ action }] };
        },
      };
    },
  }),
} satisfies PolicyDefinition<{ readonly tries: number }>;

const words = (text: string): readonly string[] => text.toLowerCase().match(/[a-z]+/g) ?? [];

/** Names that the context shows: of loaded tools, and in views that list tools of those that can be loaded. */
function bestName({ prompt, visible }: EpisodeStart): string {
  const asked = new Set(words(prompt));
  const shared = (name: string) => words(name).filter((word) => asked.has(word)).length;
  const names = [...visible.loaded.map(({ name }) => name), ...[...visible.names.values()].flat()];
  return names.toSorted((a, b) => shared(b) - shared(a))[0] ?? '';
}

/** What the view has for it: a search at the beginning, or a load by name. */
function loadOf(episode: EpisodeStart, isBeginning: boolean): Action {
  const has = (metaTool: string) => episode.metaTools.some((one) => one.name === metaTool);
  if (has('search_tools') && isBeginning) return { name: 'search_tools', arguments: { query: episode.prompt } };
  const name = bestName(episode);
  const [server] = [...episode.visible.names].find(([, tools]) => tools.includes(name)) ?? [];
  if (server === undefined) return { name: 'finish', arguments: {} };
  return has('load_server')
    ? { name: 'load_server', arguments: { server } }
    : { name: 'load_tools', arguments: { server, tools: [name] } };
}

function callOf({ server, name, inputSchema }: Tool, prompt: string): Action {
  const quoted = [...prompt.matchAll(/[“"]([^”"]+)[”"]/g)].map(([, text = '']) => text);
  const required = (inputSchema['required'] ?? []) as readonly string[];
  const args = Object.fromEntries(required.map((key, index) => [key, quoted[index] ?? '']));
  return { name: 'call_tool', arguments: { server, tool: name, arguments: args } };
}
