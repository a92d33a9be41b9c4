import { expect, test } from 'vitest';
import { inRealNames } from '../../core/aliases/recorded-names.ts';
import { callsOf } from '../../core/trajectory.ts';
import type { Action, World } from '../../core/types.ts';
import { aliasedWorld } from '../../envs/aliases/aliased-world.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import { played, toolOf, world } from '../programs/two-servers.ts';

const { servers, tools } = toolspaceOf(['memory']);
const added = [toolOf('memory', 'brand_new'), toolOf('memory', 'also_new')];

/** Its server adds tools with the first call. */
const bare: World = {
  ...world,
  toolspace: { servers, tools },
  call: async (_, tool) => ({ text: `${tool} is done`, isError: false, tools: [...tools, ...added] }),
};
const aliases = { share: 1, seed: 1, vocabulary: 'test', heldOutServers: [] } as const;
const inWorld = aliasedWorld(bare, { servers: ['memory'], aliases });

const { toolspace, translation } = inWorld;
const server = toolspace.servers[0]?.name ?? '';
const reading = translation?.names[0]?.tools.find(({ tool }) => tool === 'read_graph')?.alias ?? '';
const calling = (tool: string, args = {}): Action => ({
  name: 'call_tool',
  arguments: { server, tool, arguments: args },
});

test('a tool that a server adds in mid-episode is recorded by its own name, and what was never there is not', async () => {
  const { trajectory, shown } = await played(
    [
      calling(reading),
      calling('brand_new', { text: 'a' }),
      calling('also_new', { text: 1 }),
      calling('read_graph'),
      calling('never_there'),
    ],
    { execution: 'calls', inWorld },
  );
  expect(shown.join('\n')).toContain('brand_new is done');
  expect(trajectory.aliases?.[server]?.tools).toEqual({
    [reading]: { tool: 'read_graph', parameters: {} },
    brand_new: { tool: 'brand_new', parameters: {} },
    also_new: { tool: 'also_new', parameters: {} },
  });
  const real = callsOf(inRealNames(trajectory)).map(({ event }) => [event.kind, event.server, ...event.tools]);
  expect(real.slice(0, 5)).toEqual([
    ['called', 'memory', 'read_graph'],
    ['called', 'memory', 'brand_new'],
    ['refused', 'memory', 'also_new'],
    ['refused', 'memory', 'read_graph (no such name)'],
    ['refused', 'memory', 'never_there (no such name)'],
  ]);
});
