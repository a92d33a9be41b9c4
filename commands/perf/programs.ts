import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { median } from 'simple-statistics';
import type { Execution } from '../../core/execution.ts';
import { moduleEnding } from '../../core/list.ts';
import { defaultLimits } from '../../core/run/limits.ts';
import { rollout } from '../../core/run/rollout.ts';
import type { Action, Policy, Task, World } from '../../core/types.ts';
import { withExecution } from '../../envs/programs/execution.ts';
import { openSandbox } from '../../envs/programs/sandbox.ts';
import eager from '../../envs/views/eager.ts';
import type { BareAnswer, BareRequest } from './bare-sandbox-thread.ts';
import { clock, type PerfComparison, type PerfGroup } from './measure.ts';

const callsPerProgram = 30;
const callMilliseconds = 2;
const startsPerRound = 10;
const pauseMilliseconds = 20;
const { signal } = new AbortController();

/** What programs cost beside the same calls made directly, and beside an interpreter without a guard. */
export const programPerf: PerfGroup = {
  name: 'programs',
  open: async () => {
    const bare = new Worker(fileURLToPath(new URL('./bare-sandbox-thread', import.meta.url)) + moduleEnding);
    await ownStart();
    return {
      comparisons: [
        callComparison(
          'one after the other',
          `for (let i = 0; i < ${callsPerProgram}; i++) await slow.act({ n: i });`,
          1.25,
        ),
        callComparison(
          'together on three servers',
          `await Promise.all(Array.from({ length: ${callsPerProgram} }, (_, n) => [slow, idle, late][n % 3].act({ n })));\nreturn;`,
          1,
        ),
        {
          what: 'a sandbox started, and a call in it',
          unit: 'ms',
          ours: { name: 'sandbox, made ready', sample: () => afterPauses(ownStart) },
          yardstick: { name: 'bare interpreter', sample: () => afterPauses(() => bareStart(bare)) },
          target: { of: 'ratio', atMost: 1.3 },
        },
      ],
      close: async () => void (await bare.terminate()),
    };
  },
};

function callComparison(how: string, code: string, atMost: number): PerfComparison {
  const direct = Array.from({ length: callsPerProgram }, (_, n): Action => ({
    name: 'call_tool',
    arguments: { server: 'slow', tool: 'act', arguments: { n } },
  }));
  return {
    what: `${callsPerProgram} calls of ${callMilliseconds} ms, ${how}`,
    unit: 'ms',
    ours: { name: 'a program', sample: () => played('programs', [{ name: 'run_program', arguments: { code } }]) },
    yardstick: { name: 'calls in turn', sample: () => played('calls', direct) },
    target: { of: 'ratio', atMost },
  };
}

/** Milliseconds of an episode of these actions. */
async function played(execution: Execution, actions: readonly Action[]): Promise<number> {
  const policy: Policy = {
    name: 'scripted',
    start: () => {
      const left = [...actions, { name: 'finish', arguments: {} }];
      return { act: () => ({ calls: [{ action: left.shift() as Action }] }) };
    },
  };
  const started = clock();
  const { trajectory } = await rollout({
    task,
    policy,
    policyVersion: 0,
    world: slowWorld,
    openView: withExecution(eager, execution),
    toolNamesUpFront: false,
    limits: defaultLimits,
    key: { job: 'perf', phase: 'test', task: task.id, repetition: 0 },
    seed: 1,
    signal,
  });
  const took = clock() - started;
  const made = trajectory.turns.flatMap(({ calls }) => calls).filter(({ event }) => event.kind === 'called').length;
  if (made !== callsPerProgram) throw new Error(`it made ${made} calls`);
  return took;
}

const servers = ['slow', 'idle', 'late'];

const slowWorld: World = {
  toolspace: {
    servers: servers.map((name) => ({ name, summary: 'Takes its time.' })),
    tools: servers.map((server) => ({
      server,
      name: 'act',
      description: 'Does the thing of this number.',
      inputSchema: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
    })),
  },
  root: '/world',
  startHash: '',
  call: async (_server, _tool, { n }) => {
    await delay(callMilliseconds);
    return { text: `${n as number} was done`, isError: false };
  },
  evidence: async () => ({}),
  inspect: async () => [],
};

const task: Task = {
  id: 'perf/programs/test/0000',
  suite: 'perf',
  family: 'programs',
  split: 'test',
  prompt: 'Do all of it.',
  world: { servers: [], files: {} },
  plan: [],
  initial: {},
  goal: { kind: 'state', expected: {}, answer: null },
  answer: '',
  subGoals: 1,
  difficulty: 1,
  mostTurns: callsPerProgram + 2,
  rubric: { form: 'atlas', criteria: [] },
};

/** Median milliseconds of starts with pauses before them, as policies make them, in which a thread may make the next one ready. */
async function afterPauses(start: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < startsPerRound; count++) {
    await delay(pauseMilliseconds);
    const started = clock();
    await start();
    times.push(clock() - started);
  }
  return median(times);
}

async function ownStart(): Promise<void> {
  const sandbox = openSandbox({ seed: 1, servers: ['slow'] });
  const end = await sandbox.run(
    'return await slow.act({ n: 1 });',
    async () => [{ isOk: true, json: '"done"' }],
    signal,
  );
  if (end.said !== 'done') throw new Error(`it said ${end.said}`);
  sandbox.close();
}

async function bareStart(worker: Worker): Promise<void> {
  worker.postMessage({ code: "return await call('{}');" } satisfies BareRequest);
  for (;;) {
    const [answer] = (await once(worker, 'message')) as [BareAnswer];
    if ('value' in answer) return;
    worker.postMessage({ result: 'done' } satisfies BareRequest);
  }
}
