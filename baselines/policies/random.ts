import { RUN_PROGRAM } from '../../core/execution.ts';
import { randomStream, type RandomStream } from '../../core/seeds.ts';
import { quotedSpans } from '../text/quoted-spans.ts';
import type { JsonObject } from '../../core/json.ts';
import type { PlannedCall } from '../../core/plan.ts';
import type { Action, Decision, EpisodeStart, Policy, Visible } from '../../core/types.ts';
import type { PolicyDefinition } from '../policy-definition.ts';
import { planProgram } from '../programs/plan-program.ts';
import { takesQuery } from '../query-taking.ts';
import { sampleArguments } from '../sample-arguments.ts';

export default { usage: 'random', open: random } satisfies PolicyDefinition;

/**
 * Uniformly random valid actions: a meta-tool of those that can do something, a visible server or tool for it, arguments
 * that fit the schema, with strings from the prompt; a program makes one to three such calls. What can be reached by chance, it reaches.
 */
export function random(): Policy {
  return {
    name: 'random',
    start: (episode) => {
      const stream = randomStream(episode.seed);
      let texts = promptTexts(episode.prompt);
      return {
        act: (_, user) => {
          if (user !== undefined) texts = promptTexts(user);
          return choose(episode, stream, texts);
        },
      };
    },
  };
}

function choose(
  { metaTools, execution, visible }: EpisodeStart,
  stream: RandomStream,
  texts: readonly string[],
): Decision {
  const offered = metaTools.map(({ name }) => name).filter((name) => name in makers);
  // Where each tool is a function of its own, `call_tool` is how a policy says that it calls one.
  const isComplete = offered.includes('call_tool') || execution === 'programs';
  const names = isComplete ? offered : ['call_tool', ...offered];
  const options = names.flatMap((name) => {
    const action = makers[name];
    const make = takesQuery(metaTools, name) ? makeQuery : action;
    return make && canUse(name, visible) ? [() => ({ name, arguments: make(visible, stream, texts) })] : [];
  });
  const action: Action = stream.pick(options)();
  return { calls: [{ action }] };
}

const canUse = (metaTool: string, visible: Visible) =>
  ((metaTool !== 'call_tool' && metaTool !== RUN_PROGRAM) || visible.loaded.length > 0) &&
  (metaTool !== 'load_tools' || visible.names.size > 0);

type Maker = (visible: Visible, stream: RandomStream, texts: readonly string[]) => JsonObject;

/** A search, for tools or for servers. */
const makeQuery: Maker = (_, { pick }, texts) => ({ query: pick(texts) });

const makers: Readonly<Record<string, Maker>> = {
  list_servers: () => ({}),
  list_tools: (visible, { pick }) => ({ server: pick(visible.servers).name }),
  load_server: (visible, { pick }) => ({ server: pick(visible.servers).name }),
  load_tools: (visible, { pick }) => {
    const [server, tools] = pick([...visible.names]);
    return { server, tools: [pick(tools)] };
  },
  search_tools: makeQuery,
  call_tool: (visible, stream, texts) => ({ ...randomCall(visible, stream, texts) }),
  [RUN_PROGRAM]: (visible, stream, texts) => {
    const plan = Array.from({ length: 1 + stream.below(3) }, () => ({
      ...randomCall(visible, stream, texts),
      after: [],
    }));
    return { code: planProgram({ plan, visible }).code };
  },
  finish: () => ({}),
};

function randomCall(visible: Visible, stream: RandomStream, texts: readonly string[]): Omit<PlannedCall, 'after'> {
  const { server, name, inputSchema } = stream.pick(visible.loaded);
  return { server, tool: name, arguments: sampleArguments(inputSchema, stream, texts) };
}

/** Quoted spans, or all words where nothing is quoted. */
function promptTexts(prompt: string): string[] {
  const spans = quotedSpans(prompt);
  return spans.length > 0 ? spans : prompt.split(/\s+/u).filter((word) => word !== '');
}
