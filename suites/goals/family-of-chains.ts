import type { Family } from '../tasks/family.ts';
import { startState } from '../tasks/start-state.ts';
import { canGive, compose, type Sink, type Source } from '../tasks/sub-goal.ts';
import { sinks as allSinks, sourceNamed } from './sub-goal-list.ts';
import { isHeldOutChain } from './held-out-pairs.ts';
import { chainOfLookups, recordingOf } from './lookups.ts';
import { goalWording } from './wording.ts';

export interface ChainsOptions {
  readonly name: string;
  /** Names of sources: each lookup of a chain finds where the next one looks. */
  readonly chains: readonly (readonly string[])[];
  /** What may be done with what the last lookup finds; by default whatever it is good for. */
  readonly sinks?: readonly Sink[];
  /** Most servers that one task works on. */
  readonly mostServers?: number;
}

/** Chains of lookups, each with every sink that can use what it finds: one shape a pair. */
export function familyOfChains({ name, chains, sinks = allSinks, mostServers = Infinity }: ChainsOptions): Family {
  const sources = chains.map((names) => names.map(sourceNamed));
  const pairs = pairsOf(sources, sinks).filter((pair) => serversOf(pair) <= mostServers);
  return {
    name,
    wording: goalWording({ sources: [...new Set(sources.flat())], sinks }),
    hasStandIns: sources.every((chain) => chain.some(({ home }) => home === 'files' || home === 'graph')),
    shapes: pairs.length,
    heldOutShapes: pairs.flatMap(({ chain, sink }, shape) => (isHeldOutChain(chain, sink) ? [shape] : [])),
    draft: (draw, roles, shape) => {
      const { chain, sink } = pairs[shape] as Pair;
      const lookups = chainOfLookups({ draw, roles, start: startState(draw) }, chain, sink.wants);
      const setting = { draw, roles, start: lookups.start };
      const { start, part } = recordingOf(setting, sink, lookups.found, 'found', [chain.length - 1]);
      return compose(start, [...lookups.parts, part]);
    },
  };
}

interface Pair {
  readonly chain: readonly Source[];
  readonly sink: Sink;
}

const serversOf = ({ chain, sink }: Pair): number =>
  new Set([...chain, sink].flatMap(({ home }) => (home === 'answer' ? [] : home))).size;

/** Every chain with every sink it is good for, in an order in which both change from one pair to the next. */
function pairsOf(chains: readonly (readonly Source[])[], sinks: readonly Sink[]): Pair[] {
  for (const chain of chains)
    for (const [index, source] of chain.slice(0, -1).entries())
      if (source.isComputed || !canGive(source, (chain[index + 1] as Source).placeKind))
        throw new RangeError(`${source.name} cannot find a place for ${chain[index + 1]?.name}`);
  return sinks.flatMap((_, turn) =>
    chains.flatMap((chain, index) => {
      const sink = sinks[(turn + index) % sinks.length] as Sink;
      return canGive(chain.at(-1) as Source, sink.wants) ? [{ chain, sink }] : [];
    }),
  );
}
