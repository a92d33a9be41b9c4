import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Tool } from '../../core/types.ts';
import { installableNames, serverDefinition, serverNames } from '../../envs/server-list.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { called, offered } from './offered.ts';
import { openBareClient } from './bare-client.ts';
import { clock, numberOfChild, type PerfComparison, type PerfGroup } from './measure.ts';
import { processorSecondsOf } from './process-tree.ts';

const SERVERS = 12;
const MOST_MORE_MEGABYTES = 30;

/** Twelve servers that start together in one world, and what it costs to offer many servers of which two are called. */
export const startPerf: PerfGroup = {
  name: 'starts',
  open: async () => ({
    // What a process below this one has used is told by Linux alone.
    comparisons: [...(existsSync('/proc/self/stat') ? [startsTogether()] : []), memoryOfOffers],
    close: async () => undefined,
  }),
};

function startsTogether(): PerfComparison {
  const tools = callableAtOnce();
  const servers = tools.map(({ server }) => server);
  return {
    what: `${SERVERS} servers started together`,
    unit: 's',
    ours: {
      name: 'in one world',
      sample: async () => {
        // Without boxes, as on the other side.
        const pool = openWorldPool({ lanes: 1, level: 'arguments' });
        try {
          return await pool.use({ servers, files: {} }, 1, async ({ call }) => {
            const started = clock();
            await Promise.all(tools.map(({ server, name }) => call(server, name, {})));
            return (clock() - started) / 1000;
          });
        } finally {
          await pool.dispose();
        }
      },
    },
    yardstick: {
      name: 'their processor time by the bare SDK, over the cores',
      sample: async () => {
        let total = 0;
        for (const { server, name } of tools) {
          const before = secondsBelow();
          const bare = await openBareClient([server]);
          await bare.call(server, name, {});
          total += secondsBelow() - before;
          await bare.close();
        }
        return total / availableParallelism();
      },
    },
    target: { of: 'ratio', atMost: 1.15 },
  };
}

/** Processor seconds of all that this process started. */
function secondsBelow(): number {
  const { user, system } = process.cpuUsage();
  return processorSecondsOf(process.pid) - (user + system) / 1_000_000;
}

/** A tool that needs no argument, of each of so many servers that come with Toolstone and start in any folder. */
function callableAtOnce(): readonly Tool[] {
  const tools = serverNames
    .filter((name) => !installableNames.includes(name) && serverDefinition(name).refusesFolder === undefined)
    .flatMap((name) => toolspaceOf([name]).tools.find(isFreeOfArguments) ?? []);
  return tools.slice(0, SERVERS);
}

const isFreeOfArguments = ({ inputSchema }: Tool): boolean => {
  const { required = [] } = inputSchema as { readonly required?: readonly string[] };
  return required.length === 0;
};

const memoryOfOffers: PerfComparison = {
  what: `memory with ${offered.length} servers offered and ${called.length} called, beyond that with ${called.length} offered`,
  unit: 'MB',
  ours: { name: 'more', sample: async () => megabytesWith(offered) - megabytesWith(called) },
  target: { of: 'ours', atMost: MOST_MORE_MEGABYTES },
};

const script = new URL('./offered-child', import.meta.url);
const megabytesWith = (servers: readonly string[]): number => numberOfChild(script, `${servers.length}`);
