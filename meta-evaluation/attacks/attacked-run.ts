import { join } from 'node:path';
import { episode, inParallel } from '../../core/run/episode.ts';
import { chosenCounter, chosenLimits } from '../../core/run/chosen.ts';
import { writeWhole } from '../../core/record/files.ts';
import { openRunFolder } from '../../core/record/run-folder.ts';
import type { Job, Manifest } from '../../core/run-types.ts';
import { seedOf } from '../../core/seeds.ts';
import { keyText, type ScoredTrajectory, type Trajectory } from '../../core/trajectory.ts';
import type { Split, Suite, WorldPool } from '../../core/types.ts';
import { withExecution } from '../../envs/programs/execution.ts';
import toolView from '../../envs/views/tool.ts';
import { score } from '../../judges/reward/rewards.ts';
import { defectsNamed, type PlantedExecution } from '../defects/defect-list.ts';
import { choosePlantings, plant, type Planted, type PlantedLabel } from '../defects/plant.ts';
import { scripted } from '../defects/scripted-policy.ts';
import type { Attack } from './attack.ts';
import { attackedKey, attackedAnswer, attackedActions, stillBroken } from './apply.ts';
import { attacksIn } from './attack-list.ts';

export interface AttackOptions {
  readonly suite: Suite;
  readonly split: Split;
  /** Number of tasks; of each, defects whose episodes finish and break something are attacked. */
  readonly tasks: number;
  /** Defects per task, and attacks on each; 2 and every attack unless told. */
  readonly perTask?: number | undefined;
  readonly perEpisode?: number | undefined;
  /** What the attacked episodes are made of: single calls, unless told. */
  readonly execution?: PlantedExecution | undefined;
  readonly seed: number;
  readonly pool: WorldPool;
  readonly lanes: number;
  readonly signal: AbortSignal;
}

export interface AttackedEpisode {
  readonly trajectory: ScoredTrajectory;
  readonly system: string;
  /** Label 0 for each criterion that is broken; those of the plain episode as planting gave them. */
  readonly labels: readonly PlantedLabel[];
}

export interface AttackCounts {
  readonly attacked: number;
  /** The attack does not fit: no server can hold it, or a limit cut the episode. */
  readonly unfit: number;
  /** Nothing is broken any more once attacked: left out, never labelled. */
  readonly mended: number;
}

export interface AttackedEpisodes {
  /** Each plain episode, then what was made of it. */
  readonly episodes: readonly AttackedEpisode[];
  readonly counts: Readonly<Record<string, AttackCounts>>;
}

/** Kinds whose episodes deserve a failing verdict on what matters most, and finish. */
export const attackedKinds = [
  'claim-without-call',
  'half-done',
  'made-up-value',
  'skipped-step',
  'wrong-answer',
  'wrong-argument',
  'wrong-server',
  'wrong-target',
  'wrong-tool',
] as const;

/** The same of those that sit in programs. */
const attackedInPrograms = ['constant-for-result', 'short-loop', 'swallowed-error'] as const;

/** Episodes with a defect, plain and attacked, by real servers. The same for the same options, in any number of lanes. */
export async function attackedEpisodes(options: AttackOptions): Promise<AttackedEpisodes> {
  const { perTask = 2, perEpisode, lanes, execution = 'calls' } = options;
  const attacks = await attacksIn(execution);
  const defects = await defectsNamed(execution === 'calls' ? attackedKinds : attackedInPrograms);
  const plantings = choosePlantings({ ...options, perTask, defects });
  const plainEpisodes: Planted[] = [];
  await plant(plantings, options, (planted, index) => (plainEpisodes[index] = planted));
  const counts = new Map(attacks.map(({ name }) => [name, { attacked: 0, unfit: 0, mended: 0 }]));
  const jobs = plainEpisodes
    .filter(({ labels, trajectory }) => labels.length > 0 && trajectory.outcome.kind === 'terminated')
    .flatMap((base) => [
      { base, attack: null },
      ...drawAttacks(attacks, base, perEpisode ?? attacks.length, options.seed).map((attack) => ({ base, attack })),
    ]);
  const results: (AttackedEpisode | null)[] = [];
  await inParallel(jobs, lanes, async ({ base, attack }, index) => {
    if (attack === null) {
      results[index] = base;
      return;
    }
    const result = await attackOne(base, attack, options);
    const count = counts.get(attack.name) ?? { attacked: 0, unfit: 0, mended: 0 };
    if (typeof result === 'string') count[result]++;
    else count.attacked++;
    results[index] = typeof result === 'string' ? null : result;
  });
  return { episodes: results.filter((episode) => episode !== null), counts: Object.fromEntries(counts) };
}

function drawAttacks(
  attacks: readonly Attack[],
  { trajectory }: Planted,
  count: number,
  seed: number,
): readonly Attack[] {
  const lot = ({ name }: Attack) => seedOf('attack', seed, keyText(trajectory.key), name, 'lot');
  return attacks.toSorted((a, b) => lot(a) - lot(b)).slice(0, count);
}

async function attackOne(
  base: Planted,
  attack: Attack,
  options: AttackOptions,
): Promise<AttackedEpisode | 'unfit' | 'mended'> {
  const { task, trajectory: plain, labels } = base;
  const trajectory =
    attack.by === 'answer'
      ? attackedAnswer(task, plain, attack, options.seed)
      : await attackedInWorld(base, attack, options);
  if (trajectory?.outcome.kind !== 'terminated') return 'unfit';
  const brokenCriteria = labels.filter(({ label }) => label === 0).map(({ criterion }) => criterion);
  const criteria = stillBroken(task, brokenCriteria, trajectory);
  if (criteria.length === 0) return 'mended';
  return {
    trajectory: score(task, trajectory),
    system: base.system,
    labels: criteria.map((criterion) => ({
      trajectory: keyText(trajectory.key),
      task: task.id,
      criterion,
      label: 0,
      rater: attack.name,
      source: 'planted',
      tags: { ...labels[0]?.tags, attack: attack.name },
    })),
  };
}

async function attackedInWorld(
  { task, trajectory: plain }: Planted,
  attack: Attack,
  { suite, pool, seed, signal, execution }: AttackOptions,
): Promise<Trajectory | null> {
  const actions = attackedActions(task, plain, attack, pool.toolspaceOf(task.world.servers).tools, seed);
  if (!actions) return null;
  const key = attackedKey(plain.key, attack.name);
  const openView = withExecution(toolView, execution);
  const tools = { suite, pool, openView, limits: chosenLimits(), counter: chosenCounter(), signal };
  const job = jobOf(key.job, plain.policy, task.split, { seed, execution }, 1);
  return (await episode(job, task, key, scripted(plain.policy, actions), 0, tools)).trajectory;
}

const jobOf = (
  name: string,
  policy: string,
  split: Split,
  { seed, execution }: Pick<AttackOptions, 'seed' | 'execution'>,
  tasks: number,
): Job => ({
  name,
  rows: {},
  seed,
  policy,
  view: 'tool',
  ...(execution === 'programs' ? { execution } : {}),
  training: null,
  evaluations: [{ split, tasks }],
});

export interface AttackedRunOptions extends AttackOptions {
  readonly manifestOf: (jobs: readonly Job[]) => Manifest;
  readonly base: string;
  readonly out: string | undefined;
  readonly isFresh: boolean;
}

/**
 * Writes an ordinary run folder of plain and attacked episodes with `labels.jsonl` (`judges/calibration/labels.schema.json`; the tag
 * `attack` says which) and `attacks.json` with the counts. Throws `UsageError`.
 */
export async function writeAttackedRun(options: AttackedRunOptions) {
  const { episodes, counts } = await attackedEpisodes(options);
  const perJob = Map.groupBy(episodes, ({ trajectory }) => trajectory.key.job);
  const jobs = [...perJob].map(([name, jobEpisodes]) =>
    jobOf(name, jobEpisodes[0]?.trajectory.policy ?? name, options.split, options, jobEpisodes.length),
  );
  const run = openRunFolder({ ...options, manifest: options.manifestOf(jobs) });
  try {
    const systems = new Map(episodes.map(({ trajectory, system }) => [trajectory.system, system]));
    const write = (name: string, text: string) => writeWhole(join(run.path, name), text);
    write('trajectories.jsonl', lines(episodes.map(({ trajectory }) => trajectory)));
    write(
      'systems.jsonl',
      lines([...systems].sort(([a], [b]) => (a < b ? -1 : 1)).map(([hash, text]) => ({ hash, text }))),
    );
    write('labels.jsonl', lines(episodes.flatMap(({ labels }) => labels)));
    write('attacks.json', `${JSON.stringify(counts, null, 2)}\n`);
    return { folder: run.path, isResumed: run.isResumed, passedOver: run.passedOver, counts };
  } finally {
    run.release();
  }
}

const lines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');
