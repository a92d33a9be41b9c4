import { boardTaskFact, fileFact, folderFact, type Fact, type Facts } from '../../core/facts.ts';
import type { Trajectory, Turn } from '../../core/trajectory.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Suite, Task, ViewName } from '../../core/types.ts';
import type { ToolsOfServer } from '../../core/view-types.ts';
import { planRubric } from '../../judges/rubric/criteria.ts';

const plan = [
  { server: 'filesystem', tool: 'create_directory', arguments: { path: 'inbox' }, after: [] },
  { server: 'filesystem', tool: 'write_file', arguments: { path: 'inbox/a.txt', content: 'hello' }, after: [0] },
];

export const folder = folderFact('inbox');
export const file = fileFact('inbox/a.txt', 'hello');
export const stray = fileFact('inbox/b.txt', 'hello');
const kept = boardTaskFact('sweep', 'the floor', 'open');

/** A folder and a file in it, on two servers with state of which one must not change. */
export const task: Task = {
  id: 'hand/made/test/0000',
  suite: 'hand',
  family: 'made',
  split: 'test',
  prompt: 'Create a folder “inbox”, then write the file “inbox/a.txt” with the text “hello”.',
  world: { servers: ['filesystem', 'dex-tasks'], files: {} },
  plan,
  initial: { filesystem: [], 'dex-tasks': [kept] },
  goal: { kind: 'state', expected: { filesystem: [folder, file], 'dex-tasks': [kept] }, answer: null },
  answer: '',
  subGoals: 2,
  difficulty: 1,
  mostTurns: null,
  rubric: planRubric(plan, ['the folder inbox', 'the file inbox/a.txt']),
};

/** A suite that has these tasks alone. */
export const handSuite = (tasks: readonly Task[]): Suite => ({
  name: 'hand',
  summary: '',
  splits: ['test'],
  families: ['made'],
  servers: [],
  heldOutServers: [],
  toolNamesUpFront: true,
  tasks: (_, count) => tasks.slice(0, count),
});

const tokens = { system: 1, schemas: {}, results: 0, history: 1, prompt: 2, output: 1 };

export function loadTurn(server: string, ...tools: readonly string[]): Turn {
  return {
    calls: [
      {
        action: { name: 'load_tools', arguments: { server, tools } },
        observation: { text: '', isError: false, source: 'schemas', server, cutTokens: 0 },
        event: { kind: 'loaded', server, tools },
      },
    ],
    tokens,
  };
}

/** A search that found tools of one server and of others behind it. */
export function searchTurn(first: ToolsOfServer, ...others: readonly ToolsOfServer[]): Turn {
  return {
    calls: [
      {
        action: { name: 'search_tools', arguments: { query: 'whatever there is' } },
        observation: { text: '', isError: false, source: 'schemas', server: first.server, cutTokens: 0 },
        event: { kind: 'loaded', ...first, ...(others.length > 0 ? { others } : {}) },
      },
    ],
    tokens,
  };
}

export function callTurn(
  server: string,
  tool: string,
  args: JsonObject,
  { text = 'done', isError = false, isRefused = false } = {},
): Turn {
  return {
    calls: [
      {
        action: { name: 'call_tool', arguments: { server, tool, arguments: args } },
        observation: { text, isError: isError || isRefused, source: 'results', server, cutTokens: 0 },
        event: { kind: isRefused ? 'refused' : 'called', server, tools: [tool] },
      },
    ],
    tokens,
  };
}

export const finishTurn: Turn = {
  calls: [
    {
      action: { name: 'finish', arguments: {} },
      observation: { text: 'Finished.', isError: false, source: 'history', server: '', cutTokens: 0 },
      event: { kind: 'finished', server: '', tools: [] },
    },
  ],
  tokens,
};

export interface EpisodeOptions {
  readonly files?: readonly Fact[];
  readonly view?: ViewName;
  readonly outcome?: Trajectory['outcome'];
  readonly of?: Task;
  readonly evidence?: Facts;
}

/** A trajectory of these turns; terminated where the last one finishes. */
export function episode(turns: readonly Turn[], options: EpisodeOptions = {}): Trajectory {
  const { files = [], view = 'tool', of = task } = options;
  const hasFinished = turns.at(-1)?.calls.at(-1)?.event.kind === 'finished';
  return {
    version: 2,
    key: { job: 'hand', phase: 'test', task: of.id, repetition: 0 },
    policy: 'hand',
    policyVersion: 0,
    view,
    seed: 1,
    system: 'Use the tools.',
    prompt: of.prompt,
    turns,
    outcome:
      options.outcome ?? (hasFinished ? { kind: 'terminated', answer: '' } : { kind: 'truncated', cause: 'turns' }),
    startHash: '0'.repeat(64),
    evidence: options.evidence ?? { ...of.initial, filesystem: files },
  };
}

export const loadFolder = loadTurn('filesystem', 'create_directory');
export const loadWrite = loadTurn('filesystem', 'write_file');
export const makeFolder = callTurn('filesystem', 'create_directory', { path: 'inbox' });
export const write = callTurn('filesystem', 'write_file', { path: 'inbox/a.txt', content: 'hello' });
export const wholePlan = [loadFolder, makeFolder, loadWrite, write];
