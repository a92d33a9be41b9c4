import { clock, milliseconds, type PerfComparison, type PerfGroup } from './measure.ts';
import { rollout } from '../../core/run/rollout.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Action, Decision, Policy, Task, Tool, World, WorldParameters, WorldPool } from '../../core/types.ts';
import { defaultLimits } from '../../core/run/limits.ts';
import { type BareClient, openBareClient } from './bare-client.ts';
import { WORLD_ROOT, worldFolderOf } from '../../core/world-root.ts';
import toolView from '../../envs/views/tool.ts';
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

/** Turns in the tool view over a world that answers at once: what is timed is view, ledger and record. */
export const viewPerf: PerfGroup = {
  name: 'view',
  open: async () => {
    const policy = scripted(turnsPerEpisode);
    const perTurn = (tools: number) => {
      const world = stubWorld(tools);
      const episode = () => rollout({ ...rolloutOptions, world, policy });
      return async () => (await milliseconds(episode, episodesPerRound)) / turnsPerEpisode;
    };
    return {
      comparisons: [
        {
          what: 'turn in the tool view',
          unit: 'ms',
          ours: { name: '300 tools offered', sample: perTurn(300) },
          yardstick: { name: '10 tools offered', sample: perTurn(10) },
          target: { of: 'ratio', atMost: 1.1 },
        },
      ],
      close: async () => undefined,
    };
  },
};

const turnsPerEpisode = 24;
const episodesPerRound = 40;
const toolsPerServer = 10;

const toolOf = (server: string, i: number): Tool => ({
  server,
  name: `act_${i}`,
  description: `Does the ${i}th thing that ${server} can do to a named note and answers with what it did.`,
  inputSchema: {
    type: 'object',
    properties: { note: { type: 'string', description: 'Name of the note' }, times: { type: 'integer', minimum: 0 } },
    required: ['note'],
  },
});

function stubWorld(tools: number): World {
  const names = Array.from({ length: tools / toolsPerServer }, (_, i) => `server-${i}`);
  return {
    toolspace: {
      servers: names.map((name) => ({ name, summary: `Keeps the notes of ${name}.` })),
      tools: names.flatMap((name) => Array.from({ length: toolsPerServer }, (_, i) => toolOf(name, i))),
    },
    root: WORLD_ROOT,
    startHash: '',
    call: async (_, tool, args) => ({ text: `${tool} was done to ${args['note'] as string}`, isError: false }),
    evidence: async () => ({}),
    inspect: async () => [],
  };
}

/** Loads a tool, calls it again and again with another note each time, finishes. */
function scripted(turns: number): Policy {
  const [server, tool] = ['server-0', 'act_3'];
  return {
    name: 'scripted',
    start: () => {
      let turn = 0;
      return {
        act: (): Decision => {
          turn++;
          if (turn === 1) return one({ name: 'load_tools', arguments: { server, tools: [tool] } });
          if (turn === turns) return one({ name: 'finish', arguments: {} });
          const args = { note: `note ${turn}` };
          return one({ name: 'call_tool', arguments: { server, tool, arguments: args } });
        },
      };
    },
  };
}

const one = (action: Action): Decision => ({ calls: [{ action }] });

const planned = { server: 'server-0', tool: 'act_3', arguments: {}, after: [] };

const task: Task = {
  id: 'perf/turns/test/0000',
  suite: 'perf',
  family: 'turns',
  split: 'test',
  prompt: 'Do the third thing to every note.',
  world: { servers: [], files: {} },
  plan: Array.from({ length: turnsPerEpisode }, () => planned),
  initial: {},
  goal: { kind: 'state', expected: {}, answer: null },
  answer: '',
  subGoals: 1,
  difficulty: 1,
  mostTurns: null,
  rubric: { form: 'atlas', criteria: [] },
};

const rolloutOptions = {
  task,
  policyVersion: 0,
  openView: toolView,
  toolNamesUpFront: true,
  limits: defaultLimits,
  key: { job: 'perf', phase: 'test', task: task.id, repetition: 0 },
  seed: 1,
  signal: new AbortController().signal,
};
