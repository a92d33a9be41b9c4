import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultLimits } from '../../core/run/limits.ts';
import { rollout } from '../../core/run/rollout.ts';
import type { Action, Decision, OpenView, Policy, Task, Tool, Toolspace, World } from '../../core/types.ts';
import { WORLD_ROOT } from '../../core/world-root.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import searchView from '../../envs/views/search.ts';
import serverView from '../../envs/views/server.ts';
import toolView from '../../envs/views/tool.ts';
import basic from '../../suites/basic.ts';
import { clock, milliseconds, type PerfComparison, type PerfGroup } from './measure.ts';

/** Tools of a large toolspace, and of a small one. */
const [many, few] = [2100, 30];

const [server, tool] = ['server-0', 'act_3'];
const loads: Readonly<Record<string, Action>> = {
  tool: { name: 'load_tools', arguments: { server, tools: [tool] } },
  server: { name: 'load_server', arguments: { server } },
  search: { name: 'search_tools', arguments: { query: 'act 3 of server 0', limit: 1 } },
};
const views: Readonly<Record<string, OpenView>> = { tool: toolView, server: serverView, search: searchView };

/**
 * Turns over a world that answers at once, so that view, ledger and record are what is timed; and views opened over tools that were
 * kept in a file: those of suite `basic` under ever other names of servers.
 */
export const viewPerf: PerfGroup = {
  name: 'view',
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'toolstone-perf-'));
    const file = join(folder, 'tools.json');
    writeFileSync(file, JSON.stringify(keptTools()));
    return {
      comparisons: [
        ...Object.keys(views).map(turnComparison),
        ...Object.keys(views).map((view) => opening(view, file)),
        firstSearch(file),
      ],
      close: async () => rmSync(folder, { recursive: true }),
    };
  },
};

function turnComparison(view: string): PerfComparison {
  const perTurn = (tools: number) => {
    const world = stubWorld(tools);
    const episode = (turns: number) => {
      const policy = scripted(loads[view] as Action, turns);
      return () => rollout({ ...rolloutOptions, openView: views[view] as OpenView, world, policy });
    };
    // Less what an episode takes that loads and finishes: a search is timed apart.
    return async () =>
      ((await milliseconds(episode(turnsPerEpisode), episodesPerRound)) -
        (await milliseconds(episode(fewestTurns), episodesPerRound))) /
      (turnsPerEpisode - fewestTurns);
  };
  return {
    what: `turn in the ${view} view`,
    unit: 'ms',
    ours: { name: `${many} tools offered`, sample: perTurn(many) },
    yardstick: { name: `${few} tools offered`, sample: perTurn(few) },
    target: { of: 'ratio', atMost: 1.1 },
  };
}

/** A view opened over tools that it has never seen. */
function opening(view: string, file: string): PerfComparison {
  const read = () => JSON.parse(readFileSync(file, 'utf8')) as Toolspace;
  return {
    what: `${view} view opened over ${many} kept tools`,
    unit: 'ms',
    ours: {
      name: 'opened',
      sample: async () => {
        const world = { ...stubWorld(0), toolspace: read() };
        return timed(() => (views[view] as OpenView)(world, { toolNamesUpFront: true }));
      },
    },
    yardstick: { name: 'their file read', sample: async () => timed(read) },
    target: { of: 'ratio', atMost: 3 },
  };
}

/** The first search makes what all others look up. */
const firstSearch = (file: string): PerfComparison => {
  const search = async (searchesBefore: number): Promise<number> => {
    const toolspace = JSON.parse(readFileSync(file, 'utf8')) as Toolspace;
    const { act } = searchView({ ...stubWorld(0), toolspace }, { toolNamesUpFront: false });
    const find = (query: string) => act({ name: 'search_tools', arguments: { query } });
    for (let i = 0; i < searchesBefore; i++) await find('write a text into a file');
    const started = clock();
    await find('add a note to the graph');
    return clock() - started;
  };
  return {
    what: `search among ${many} kept tools`,
    unit: 'ms',
    ours: { name: 'the first', sample: () => search(0) },
    yardstick: { name: 'a later one', sample: () => search(10) },
  };
};

function timed(run: () => unknown): number {
  const started = clock();
  run();
  return clock() - started;
}

/** The tools of `basic` over and over, each time on servers of other names. */
function keptTools(): Toolspace {
  const { servers, tools } = toolspaceOf(basic.servers);
  const copies = Array.from({ length: Math.ceil(many / tools.length) }, (_, copy) => copy);
  return {
    servers: copies.flatMap((copy) => servers.map(({ name, summary }) => ({ name: `${name}-${copy}`, summary }))),
    tools: copies.flatMap((copy) => tools.map((one) => ({ ...one, server: `${one.server}-${copy}` }))).slice(0, many),
  };
}

const turnsPerEpisode = 24;
/** To load a tool, and to finish. */
const fewestTurns = 2;
const episodesPerRound = 40;
const toolsPerServer = 10;

const toolOf = (owner: string, i: number): Tool => ({
  server: owner,
  name: `act_${i}`,
  description: `Does the ${i}th thing that ${owner} can do to a named note and answers with what it did.`,
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

/** Loads a tool, calls it again and again with another note each time, finishes with its last turn. */
function scripted(load: Action, turns: number): Policy {
  return {
    name: 'scripted',
    start: () => {
      let turn = 0;
      return {
        act: (): Decision => {
          turn++;
          if (turn === 1) return one(load);
          if (turn === turns) return one({ name: 'finish', arguments: {} });
          const args = { note: `note ${turn}` };
          return one({ name: 'call_tool', arguments: { server, tool, arguments: args } });
        },
      };
    },
  };
}

const one = (action: Action): Decision => ({ calls: [{ action }] });

const planned = { server, tool, arguments: {}, after: [] };

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
  toolNamesUpFront: true,
  limits: defaultLimits,
  key: { job: 'perf', phase: 'test', task: task.id, repetition: 0 },
  seed: 1,
  signal: new AbortController().signal,
};
