import type { Limits } from '../../core/run-types.ts';
import { rollout, type Rollout } from '../../core/run/rollout.ts';
import type { OpenView, Policy, Task, World } from '../../core/types.ts';
import openEager from '../../envs/views/eager.ts';

export const tinyTask: Task = {
  id: 'tiny/notes/test/0000',
  suite: 'tiny',
  family: 'notes',
  split: 'test',
  prompt: 'Note the word blue.',
  world: { servers: ['notes'], files: {} },
  plan: [],
  initial: {},
  goal: { kind: 'state', expected: {}, answer: null },
  answer: '',
  subGoals: 1,
  difficulty: 1,
  mostTurns: null,
  rubric: { form: 'atlas', criteria: [] },
};

export const tinyWorld: World = {
  root: '/world',
  startHash: '0'.repeat(64),
  toolspace: {
    servers: [{ name: 'notes', summary: 'Keeps notes.' }],
    tools: [
      {
        server: 'notes',
        name: 'add_note',
        description: 'Adds a note.',
        inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
      },
    ],
  },
  call: async (_server, _tool, args) => ({ text: `Noted: ${JSON.stringify(args['text'])}`, isError: false }),
  evidence: async () => ({}),
  inspect: async () => [],
};

/** One episode of at most four turns over a scripted world of one server with one tool. */
export function tinyEpisode(
  policy: Policy,
  limits: Limits = { contextTokens: 4_000, resultTokens: 1_000 },
  signal: AbortSignal = new AbortController().signal,
  task = tinyTask,
  openView: OpenView = openEager,
): Promise<Rollout> {
  return rollout({
    task,
    policy,
    policyVersion: 0,
    world: tinyWorld,
    openView,
    toolNamesUpFront: false,
    limits,
    key: { job: 'tiny', phase: 'test', task: tinyTask.id, repetition: 0 },
    seed: 7,
    signal,
  });
}
