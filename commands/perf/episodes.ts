import { policiesOf } from '../../baselines/open-policies.ts';
import { evaluate, inParallel, type JobTools } from '../../core/run/episode.ts';
import { defaultLimits } from '../../core/run/limits.ts';
import { clock, perSecond, type PerfComparison, type PerfGroup, type PerfTarget } from './measure.ts';
import type { Job } from '../../core/run-types.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import type { Suite, Task, ViewName } from '../../core/types.ts';
import { type BareClient, openBareClient } from './bare-client.ts';
import eagerView from '../../envs/views/eager.ts';
import toolView from '../../envs/views/tool.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { score } from '../../judges/reward/rewards.ts';
import { fixedJob } from '../shared/jobs.ts';
import { assemble } from '../../suites/tasks/assemble.ts';
import type { Family } from '../../suites/tasks/family.ts';
import { wholePhrasings } from '../../suites/tasks/phrasing.ts';
import { startState } from '../../suites/tasks/start-state.ts';
import { addObservation, createEntity, readFile, trainedRoles, writeFile } from '../../suites/tasks/step.ts';

const servers = ['filesystem', 'memory'];
export const episodesPerRound = 200;
const lanes = 10;

/** Six calls over two servers. The shape is the task's number, so that every task has an entity of its own. */
const sixCalls: Family = {
  name: 'six-calls',
  wording: wholePhrasings({
    train: [{ frame: 'Please {steps}.', join: ', then ', note: 'note “{text}” in “{path}” and about “{name}”' }],
    wording: [],
    fuzzy: [],
  }),
  hasStandIns: false,
  shapes: Number.MAX_SAFE_INTEGER,
  draft: (draw, roles, number) => {
    const [folder, text, name] = [draw.name(), draw.sentence(), `entity-${number}`];
    const path = `${folder}.txt`;
    return {
      start: startState(draw),
      steps: [
        writeFile(roles, path, text),
        readFile(roles, path),
        { server: roles.files, tool: 'list_directory', arguments: { path: '.' }, change: (state) => state },
        createEntity(roles, name, 'note', text),
        addObservation(roles, name, `kept in ${path}`),
        { server: roles.graph, tool: 'read_graph', arguments: {}, change: (state) => state },
      ],
      clauses: [{ kind: 'note', values: { text, path, name } }],
      subGoals: 2,
    };
  },
};

export const suiteOfSixCalls = (): Suite => {
  const tasks = Array.from({ length: episodesPerRound }, (_, index) =>
    assemble({
      suite: 'perf',
      family: sixCalls,
      split: 'test',
      index,
      servers,
      roles: trainedRoles,
    }),
  );
  return {
    name: 'perf',
    summary: 'Six calls over filesystem and memory',
    splits: ['test'],
    families: [sixCalls.name],
    servers,
    heldOutServers: [],
    toolNamesUpFront: true,
    tasks: (_, count) => tasks.slice(0, count),
  };
};

/** Whole episodes, recorded, counted and scored, beside the same calls and resets over the SDK's own client. */
export const episodePerf = (warmUpRounds: number): PerfGroup => ({
  name: 'episode',
  open: async () => {
    const pool = openWorldPool({ lanes });
    const bares = await Promise.all(Array.from({ length: lanes }, () => openBareClient(servers)));
    const suite = suiteOfSixCalls();
    const tasks = suite.tasks('test', episodesPerRound);
    const { evaluated } = await policiesOf(oracleJob('eager'), suite);
    const ours = (view: keyof typeof views, width: number) =>
      runEpisodes(view, { suite, pool, evaluated, lanes: width });
    const raw = (width: number) => rawEpisodes(tasks, bares.slice(0, width));
    const comparison = (what: string, view: keyof typeof views, width: number): PerfComparison => ({
      what: `${what}, ${width} at a time`,
      unit: 'episodes/s',
      ours: { name: 'recorded, counted, scored', sample: () => perSecond(() => ours(view, width), episodesPerRound) },
      yardstick: { name: 'raw SDK', sample: () => perSecond(() => raw(width), episodesPerRound) },
    });
    // Young servers are slow ones, and every lane has its own.
    for (let i = 0; i < warmUpRounds; i++) {
      await ours('eager', lanes);
      await raw(lanes);
    }
    return {
      comparisons: [
        { ...comparison('episodes of six calls', 'eager', 1), target },
        { ...comparison('episodes of six calls', 'eager', lanes), target },
        comparison('the same in the tool view, six turns more for loading', 'tool', lanes),
        {
          what: `entities lost of ${episodesPerRound}, ${lanes} episodes at a time`,
          unit: 'entities',
          ours: { name: 'worlds', sample: async () => lost(await ours('eager', lanes)) },
          target: { of: 'ours', atMost: 0 },
          isCount: true,
        },
      ],
      close: async () => {
        await Promise.all([pool.dispose(), ...bares.map((bare) => bare.close())]);
      },
    };
  },
});

const target: PerfTarget = { of: 'ratio', atLeast: 0.8 };

export const oracleJob = (view: ViewName): Job =>
  fixedJob('oracle', view, {}, [{ split: 'test', tasks: episodesPerRound }]);

const views = { eager: eagerView, tool: toolView };

/** Through the very path of `toolstone run`, up to the lines that go into the record. */
export async function runEpisodes(
  view: keyof typeof views,
  setting: Pick<JobTools, 'suite' | 'pool' | 'evaluated' | 'lanes'>,
  count = episodesPerRound,
): Promise<readonly string[]> {
  const lines: string[] = [];
  const tools: JobTools = {
    ...setting,
    openView: views[view],
    limits: defaultLimits,
    score,
    judge: null,
    learner: null,
    resume: null,
    isDone: () => false,
    emit: (message) => void (message.kind === 'episode' && lines.push(message.line)),
    clock,
    signal: new AbortController().signal,
  };
  await evaluate(oracleJob(view), 'test', 'test', count, 0, tools);
  return lines;
}

async function rawEpisodes(tasks: readonly Task[], bares: readonly BareClient[]): Promise<void> {
  const free = [...bares];
  await inParallel(tasks, bares.length, async ({ world, plan }) => {
    const bare = free.pop() as BareClient;
    bare.reset(world);
    for (const { server, tool, arguments: args } of plan) await bare.call(server, tool, args);
    free.push(bare);
  });
}

/** Episodes whose end state does not hold exactly what was asked for, its own entity above all. */
function lost(lines: readonly string[]): number {
  const whole = lines.filter((line) => (JSON.parse(line) as ScoredTrajectory).success?.verified === true);
  return episodesPerRound - whole.length;
}
