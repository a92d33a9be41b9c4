import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job, LearningPoint, Manifest, Timing } from '../../core/run-types.ts';
import { randomStream, seedOf, type RandomStream } from '../../core/seeds.ts';
import type { Call, LedgerRow, ScoredTrajectory, Turn } from '../../core/trajectory.ts';
import type { Criterion, Verdict } from '../../core/reward-types.ts';
import type { ViewName } from '../../core/types.ts';

/** Invented runs of any strength, for tests of tables, page and gate. */
export interface SyntheticRun {
  readonly manifest: Manifest;
  readonly trajectories: readonly ScoredTrajectory[];
  readonly learning: readonly LearningPoint[];
  readonly timings: readonly Timing[];
  readonly systems: readonly { readonly hash: string; readonly text: string }[];
}

export interface SyntheticOptions {
  readonly seeds?: number;
  readonly tasks?: number;
  /** Probability of success at the end of training, by reward. */
  readonly skill?: Readonly<Record<string, number>>;
  /** Changes every draw. */
  readonly world?: string;
}

const families = ['file-notes', 'memory-facts', 'git-log', 'board', 'calculate', 'two-servers'];
const servers = ['filesystem', 'memory', 'git', 'calc'];
export const criteria: readonly Criterion[] = [
  { id: 'goal-reached', category: 'task-fulfilment', description: 'Every sub-goal holds at the end.', weight: 10 },
  { id: 'no-needless-loads', category: 'tool-appropriateness', description: 'No tool was loaded in vain.', weight: 3 },
  { id: 'grounded', category: 'tool-grounding', description: 'Values come from results.', weight: 5 },
  { id: 'arguments', category: 'parameter-accuracy', description: 'Arguments fit the schema.', weight: 6 },
];

export default function syntheticRun(options: SyntheticOptions = {}): SyntheticRun {
  const { seeds = 2, tasks = 24, skill = {}, world = 'synthetic' } = options;
  const jobs = jobsOf(seeds, tasks);
  const trajectories: ScoredTrajectory[] = [];
  const learning: LearningPoint[] = [];
  const timings: Timing[] = [];
  for (const job of jobs) {
    const end =
      skill[job.training?.reward ?? job.policy] ?? { oracle: 1, retrieval: 0.3, random: 0 }[job.policy] ?? 0.8;
    if (job.training) {
      for (let episodes = 0; episodes <= job.training.episodes; episodes += job.training.evaluateEvery) {
        const share = episodes / job.training.episodes;
        trajectories.push(...phaseOf(job, `validation@${episodes}`, 'validation', 12, end * share, world));
        if (episodes > 0) learning.push(learningPoint(job, episodes, end * share, world));
      }
      trajectories.push(...phaseOf(job, 'train', 'train', 8, end, world));
      timings.push({ job: job.name, phase: 'train@128', episodes: 128, seconds: 1.5 });
    }
    for (const { split, tasks: count } of job.evaluations) {
      trajectories.push(...phaseOf(job, split, split, count, end, world));
      timings.push({ job: job.name, phase: split, episodes: count, seconds: 0.25 });
    }
  }
  return {
    manifest: manifestOf(jobs),
    trajectories,
    learning,
    timings,
    systems: [{ hash: systemHash, text: systemText }],
  };
}

const lines = (items: readonly unknown[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join('');

const systemHash = 'd'.repeat(64);
const systemText = 'You use tools of MCP servers.';

/** Writes a run folder into a new temporary folder and removes it at the end of the scope. */
export function writeRun(run: SyntheticRun): { readonly folder: string } & Disposable {
  const parent = mkdtempSync(join(tmpdir(), 'toolstone-report-'));
  const folder = join(parent, run.manifest.name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(run.manifest, null, 2));
  writeFileSync(join(folder, 'trajectories.jsonl'), lines(run.trajectories));
  writeFileSync(join(folder, 'learning.jsonl'), lines(run.learning));
  writeFileSync(join(folder, 'timings.jsonl'), lines(run.timings));
  writeFileSync(join(folder, 'systems.jsonl'), lines(run.systems));
  return { folder, [Symbol.dispose]: () => rmSync(parent, { recursive: true, force: true }) };
}

function jobsOf(seeds: number, tasks: number): Job[] {
  const final = [
    { split: 'test', tasks },
    { split: 'held-out-server', tasks: Math.ceil(tasks / 2) },
  ] as const;
  const trained = Array.from({ length: seeds }, (_, index) => index + 1).flatMap((seed) =>
    (['sparse', 'state-share', 'rubric'] as const).map((reward): Job => ({
      name: `grpo-${reward}-tool/seed-${seed}`,
      rows: reward === 'rubric' ? { rewards: reward, algorithms: 'GRPO, rubric' } : { rewards: reward },
      seed,
      policy: 'pointer',
      view: 'tool',
      training: {
        reward,
        algorithm: 'grpo',
        episodes: 512,
        groupSize: 8,
        groupsPerUpdate: 4,
        evaluateEvery: 128,
        validationTasks: 12,
        recordEvery: 16,
      },
      evaluations: final,
    })),
  );
  const fixed = ['random', 'retrieval', 'oracle'].flatMap((policy) =>
    (['eager', 'server', 'tool'] as const)
      .filter((view) => policy !== 'random' || view === 'tool')
      .map((view): Job => {
        const rows = {
          ...(policy === 'random' ? {} : { views: `${policy}, ${view}` }),
          ...(view === 'tool' ? { algorithms: policy } : {}),
        };
        return {
          name: `${policy}-${view}/seed-1`,
          rows,
          seed: 1,
          policy,
          view,
          training: null,
          evaluations: [final[0]],
        };
      }),
  );
  return [...trained, ...fixed];
}

function phaseOf(
  job: Job,
  phase: string,
  split: string,
  count: number,
  skill: number,
  world: string,
): ScoredTrajectory[] {
  return Array.from({ length: count }, (_, index) => {
    const family = families[index % families.length] as string;
    const task = `basic/${family}/${split}/${String(index).padStart(4, '0')}`;
    return episode(job, phase, task, skill, randomStream(seedOf(world, job.name, phase, task)));
  });
}

function episode(job: Job, phase: string, task: string, skill: number, random: RandomStream): ScoredTrajectory {
  const isVerified = random.uniform() < skill;
  const isFinished = random.uniform() < 0.95;
  const turns = turnsOf(job.view, 2 + random.below(3), isFinished, random);
  const verdicts: Verdict[] = criteria.map(({ id }, index) =>
    index === 2 && random.uniform() < 0.1
      ? { criterion: id, state: 'unscored', reason: 'no call returned a value' }
      : { criterion: id, state: 'scored', score: isVerified || random.uniform() < 0.3 ? 1 : 0 },
  );
  const share = isVerified ? 1 : random.below(4) / 4;
  return {
    version: 2,
    key: { job: job.name, phase, task, repetition: 0 },
    policy: job.policy,
    policyVersion: job.training ? 16 : 0,
    view: job.view,
    seed: random.below(1000),
    system: systemHash,
    prompt: 'Write "hello" to notes/a.txt.',
    turns,
    outcome: isFinished ? { kind: 'terminated', answer: 'done' } : { kind: 'truncated', cause: 'turns' },
    startHash: 'a'.repeat(64),
    evidence: { filesystem: ['["file","notes/a.txt","hello"]'] },
    success: { verified: isVerified, properFinish: isVerified && isFinished },
    verdicts,
    rewards: { sparse: Number(isVerified), 'state-share': share, rubric: (share + Number(isVerified)) / 2 },
  };
}

const overhead: Readonly<Record<ViewName, number | undefined>> = { eager: 9000, server: 2500, tool: 700 };

function turnsOf(view: ViewName, calls: number, isFinished: boolean, random: RandomStream): Turn[] {
  let history = 60;
  let results = 0;
  const turn = (action: Call['action'], kind: Call['event']['kind'], text: string): Turn => {
    const server = servers[random.below(servers.length)] as string;
    const schemas = { [server]: (overhead[view] ?? 0) + random.below(100) };
    const schemaTokens = schemas[server] as number;
    const tokens: LedgerRow = {
      system: 400,
      schemas,
      results,
      history,
      prompt: 400 + schemaTokens + results + history,
      output: 25,
    };
    history += 25;
    results += 40;
    return {
      calls: [
        {
          action,
          observation: { text, isError: false, source: 'results', server, cutTokens: 0 },
          event: { kind, server, tools: ['write_file'] },
        },
      ],
      logProbability: -random.uniform(),
      tokens,
    };
  };
  const path = { path: '/world/filesystem/notes/a.txt', content: 'hello' };
  const turns = Array.from({ length: calls }, (_, index) =>
    index === 0 && view === 'tool'
      ? turn(
          { name: 'load_tools', arguments: { server: 'filesystem', tools: ['write_file'] } },
          'loaded',
          '{"name":"write_file"}',
        )
      : turn(
          { name: 'call_tool', arguments: { server: 'filesystem', tool: 'write_file', arguments: path } },
          'called',
          'Successfully wrote to notes/a.txt',
        ),
  );
  return isFinished ? [...turns, turn({ name: 'finish', arguments: { answer: 'done' } }, 'finished', '')] : turns;
}

function learningPoint(job: Job, episodes: number, share: number, world: string): LearningPoint {
  const { uniform } = randomStream(seedOf(world, job.name, 'learning', episodes));
  const near = (value: number) => Math.min(1, Math.max(0, value + 0.1 * (uniform() - 0.5)));
  const verified = near(share);
  return {
    job: job.name,
    update: episodes / 32,
    episodes,
    metrics: {
      verified,
      proper_finish: verified * 0.9,
      reward_sparse: verified,
      'reward_state-share': near(share + 0.15),
      reward_rubric: near(share + 0.25),
      entropy: 1 - share / 2,
    },
  };
}

function manifestOf(jobs: readonly Job[]): Manifest {
  return {
    version: 1,
    name: 'synthetic',
    command: 'toolstone bench --seeds 2',
    suite: 'basic',
    toolstone: { version: '0.1.0', source: 'fedcba9876543210', commit: '0123456789abcdef', dirty: false },
    node: 'v24.21.0',
    servers: {
      filesystem: {
        package: '@modelcontextprotocol/server-filesystem@2026.8.31',
        tools: 14,
        schemaHash: 'b'.repeat(64),
      },
      memory: { package: '@modelcontextprotocol/server-memory@2026.8.31', tools: 9, schemaHash: 'c'.repeat(64) },
    },
    limits: { contextTokens: 31_000, resultTokens: 4_000 },
    rubricFormula: 'Σ weight × score / Σ weight over scored criteria',
    rubrics: Object.fromEntries(families.map((family) => [family, criteria])),
    jobs,
  };
}
