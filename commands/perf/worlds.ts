import { clock, milliseconds, type PerfComparison, type PerfGroup } from './measure.ts';
import type { JsonObject } from '../../core/json.ts';
import type { WorldParameters, WorldPool } from '../../core/types.ts';
import { type BareClient, openBareClient } from './bare-client.ts';
import { worldFolderOf } from '../../core/world-root.ts';
import { openWorldPool } from '../../envs/world-pool.ts';

const servers = ['filesystem', 'memory'];

/** Two start states; from one to the other every file is written anew. */
const [firstState, secondState] = [startState('amber'), startState('birch')];

function startState(word: string): WorldParameters {
  const notes = Array.from({ length: 8 }, (_, i) => [`notes/${i}.txt`, `${word} note ${i}\n`]);
  return { servers, files: { filesystem: Object.fromEntries(notes), memory: { 'memory.jsonl': graphLine(word) } } };
}

function graphLine(name: string): string {
  return JSON.stringify({ type: 'entity', name, entityType: 'note', observations: [`seen near the ${name}`] });
}

/**
 * One call and one reset of a world, beside the SDK's own client on the same servers. Two processes of the same server
 * differ by a tenth and more for all their lives, so both sides take turns through several.
 */
export const worldPerf: PerfGroup = {
  name: 'world',
  open: async () => {
    const pools = Array.from({ length: processesPerServer }, () => openWorldPool({ lanes: 1 }));
    const bares = await Promise.all(pools.map(() => openBareClient(servers)));
    return {
      comparisons: [
        callComparison(pools, bares, 'filesystem', 'read_text_file', (root) => ({ path: `${root}/notes/1.txt` })),
        callComparison(pools, bares, 'memory', 'open_nodes', () => ({ names: ['amber'] })),
        resetComparison(pools[0] as WorldPool, bares[0] as BareClient),
      ],
      close: async () => {
        await Promise.all([...pools.map((pool) => pool.dispose()), ...bares.map((bare) => bare.close())]);
      },
    };
  },
};

const processesPerServer = 3;
const callsPerRound = 200;
const resetsPerRound = 40;

/** `argumentsIn` gets the folder in which the side sees the server's files. */
function callComparison(
  pools: readonly WorldPool[],
  bares: readonly BareClient[],
  server: string,
  tool: string,
  argumentsIn: (folder: string) => JsonObject,
): PerfComparison {
  const [inWorld, byHand] = [turns(pools), turns(bares)];
  return {
    what: `tool call, ${server} ${tool}`,
    unit: 'ms',
    ours: {
      name: 'world',
      sample: () =>
        inWorld().use(firstState, 1, (world) => {
          const args = argumentsIn(worldFolderOf(server));
          return milliseconds(() => world.call(server, tool, args), callsPerRound, 'p50');
        }),
    },
    yardstick: {
      name: 'bare SDK',
      sample: () => {
        const bare = byHand();
        bare.reset(firstState);
        const args = argumentsIn(bare.folderOf(server));
        return milliseconds(() => bare.call(server, tool, args), callsPerRound, 'p50');
      },
    },
    target: { of: 'ratio', atMost: 1.15 },
  };
}

function resetComparison(pool: WorldPool, bare: BareClient): PerfComparison {
  const state = turns([firstState, secondState]);
  const world = async (): Promise<number> => {
    let total = 0;
    for (let i = 0; i < resetsPerRound; i++) {
      const started = clock();
      // A lent world is a reset one; the call leaves something to reset.
      await pool.use(state(), i, async ({ call }) => {
        total += clock() - started;
        await call('filesystem', 'write_file', { path: 'notes/0.txt', content: 'changed' });
      });
    }
    return total / resetsPerRound;
  };
  return {
    what: 'reset of filesystem and memory',
    unit: 'ms',
    ours: { name: 'world, proved', sample: world },
    yardstick: {
      name: 'files put back, unproved',
      sample: () => milliseconds(() => bare.reset(state()), resetsPerRound),
    },
    target: { of: 'ours', atMost: 10 },
  };
}

/** One after the other, over and over. */
function turns<T>(items: readonly T[]): () => T {
  let next = 0;
  return () => items[next++ % items.length] as T;
}
