import type { Execution } from '../../core/execution.ts';
import { rollout } from '../../core/run/rollout.ts';
import type { Action, OpenView, Policy, Task, Tool, World } from '../../core/types.ts';
import { withExecution } from '../../envs/programs/execution.ts';
import eager from '../../envs/views/eager.ts';
import { tinyTask } from '../models/tiny-world.ts';

export const toolOf = (server: string, name: string): Tool => ({
  server,
  name,
  description: `Does ${name}.`,
  inputSchema: {
    type: 'object',
    properties: { text: { type: 'string' } },
    required: ['text'],
    additionalProperties: false,
  },
});

/** Two servers; `read` answers with JSON, `add-note` with text, and `fail` with an error. */
export const world: World = {
  root: '/world',
  startHash: '0'.repeat(64),
  toolspace: {
    servers: [
      { name: 'notes', summary: 'Keeps notes.' },
      { name: 'far-away', summary: 'Is far away.' },
    ],
    tools: [toolOf('notes', 'add-note'), toolOf('notes', 'read'), toolOf('notes', 'fail'), toolOf('far-away', 'send')],
  },
  call: async (_, tool, { text }) => {
    if (tool === 'read') return { text: 'words', structured: JSON.stringify({ lines: [text, text] }), isError: false };
    return { text: tool === 'fail' ? 'no such note' : `Noted: ${text as string}`, isError: tool === 'fail' };
  },
  evidence: async () => ({}),
  inspect: async () => [],
};

interface Played {
  readonly execution?: Execution;
  readonly openView?: OpenView;
  /** Instead of the one above. */
  readonly inWorld?: World;
  readonly toolspace?: World['toolspace'];
  readonly call?: World['call'];
  readonly task?: Task;
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

export async function played(
  actions: readonly Action[],
  {
    execution = 'programs',
    openView = eager,
    task = tinyTask,
    seed = 7,
    signal,
    inWorld = world,
    ...changed
  }: Played = {},
) {
  const shown: string[] = [];
  const policy: Policy = {
    name: 'scripted',
    start: () => {
      const left = [...actions];
      return {
        act: (observations) => {
          shown.push(...observations.map(({ text }) => text));
          return { calls: [{ action: left.shift() ?? { name: 'finish', arguments: {} } }] };
        },
      };
    },
  };
  const { trajectory, system } = await rollout({
    task: { ...task, mostTurns: 20 },
    policy,
    policyVersion: 0,
    world: { ...inWorld, ...changed },
    openView: withExecution(openView, execution),
    toolNamesUpFront: true,
    limits: { contextTokens: 8_000, resultTokens: 300 },
    key: { job: 'tiny', phase: 'test', task: task.id, repetition: 0 },
    seed,
    signal: signal ?? new AbortController().signal,
  });
  return { trajectory, system, shown, turns: trajectory.turns };
}

export const program = (code: string): Action => ({ name: 'run_program', arguments: { code } });
