import { chosenCounter, chosenLimits } from '../../core/run/chosen.ts';
import { episode, inParallel } from '../../core/run/episode.ts';
import type { Job } from '../../core/run-types.ts';
import { seedOf } from '../../core/seeds.ts';
import { keyText, type ScoredTrajectory, type Trajectory } from '../../core/trajectory.ts';
import type { Split, Suite, Task, WorldPool } from '../../core/types.ts';
import { withExecution } from '../../envs/programs/execution.ts';
import toolView from '../../envs/views/tool.ts';
import { score } from '../../judges/reward/rewards.ts';
import { drawFrom } from '../../suites/tasks/draw.ts';
import type { Defect, Script } from './defect.ts';
import { partOf } from './held-out.ts';
import { scripted } from './scripted-policy.ts';
import { trueLabels, type Finding } from './true-labels.ts';

/** A line of the label file, in the form of `judges/calibration/labels.schema.json`. */
export interface PlantedLabel {
  readonly trajectory: string;
  readonly task: string;
  readonly criterion: string;
  /** `null`: open. */
  readonly label: 0 | 1 | null;
  readonly rater: string;
  readonly source: 'planted';
  readonly tags: Readonly<Record<string, string>>;
}

/** A defect that fits a task, before it is carried out. */
export interface Planting {
  readonly task: Task;
  readonly defect: Defect;
  readonly script: Script;
}

export interface Planted extends Planting {
  readonly trajectory: ScoredTrajectory;
  readonly system: string;
  /** Empty where the kind's statement and what came of it differ, or where the episode is void. */
  readonly labels: readonly PlantedLabel[];
  /** Criteria of which the statement is not what came of it, e.g. `calls-work is broken`. */
  readonly differing: readonly string[];
  /** Slots of criteria that statement or outcome leaves open, beside those labels. */
  readonly open: readonly PlantedLabel[];
}

export interface ChoiceOptions {
  readonly suite: Suite;
  readonly split: Split;
  /** Number of tasks. */
  readonly tasks: number;
  readonly defects: readonly Defect[];
  /** Defects per task, the sound kinds among them; by default every one that fits. */
  readonly perTask?: number | undefined;
  readonly seed: number;
  readonly pool: WorldPool;
}

/** Which defects go into which tasks: those that have been planted least so far, ties by lot. Pure; starts no server. */
export function choosePlantings(options: ChoiceOptions): Planting[] {
  const { suite, split, tasks, defects, perTask = defects.length, seed, pool } = options;
  const uses = new Map<string, number>();
  return suite.tasks(split, tasks).flatMap((task) => {
    const content = split === 'train' || split === 'validation' ? split : 'test';
    const { tools } = pool.toolspaceOf(task.world.servers);
    // An own task's checks leave open what else is right.
    const fitting = (task.goal.kind === 'state' ? defects : []).flatMap((defect) => {
      const draw = drawFrom(content, seedOf('planted', seed, task.id, defect.name), task.family);
      const script = defect.apply({ task, draw, tools });
      const lot = seedOf('planted', seed, task.id, defect.name, 'lot');
      return script ? [{ task, defect, script, lot, use: uses.get(defect.name) ?? 0 }] : [];
    });
    fitting.sort((a, b) => a.use - b.use || a.lot - b.lot);
    const fitted = fitting.slice(0, perTask);
    for (const { defect } of fitted) uses.set(defect.name, (uses.get(defect.name) ?? 0) + 1);
    return fitted.map(({ defect, script }) => ({ task, defect, script }));
  });
}

export const plantedJobName = (kind: string, seed: number): string => `planted-${kind}/seed-${seed}`;

/** Jobs that a run of these plantings has: one per kind, in the order of names. */
export function plantedJobs(plantings: readonly Planting[], split: Split, seed: number): Job[] {
  const counts = Map.groupBy(plantings, ({ defect }) => defect.name);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, kindPlantings]) => jobOf((kindPlantings[0] as Planting).defect, split, seed, kindPlantings.length));
}

const jobOf = ({ name: kind, execution }: Defect, split: Split, seed: number, tasks: number): Job => ({
  name: plantedJobName(kind, seed),
  rows: {},
  seed,
  policy: `planted-${kind}`,
  view: 'tool',
  ...(execution ? { execution } : {}),
  training: null,
  evaluations: [{ split, tasks }],
});

export interface PlantOptions {
  readonly suite: Suite;
  readonly seed: number;
  readonly pool: WorldPool;
  /** Episodes in parallel. Cannot change a number. */
  readonly lanes: number;
  readonly signal: AbortSignal;
}

/** Carries plantings out on real servers, each told as soon as it is done, in any order. */
export async function plant(
  plantings: readonly Planting[],
  { suite, seed, pool, lanes, signal }: PlantOptions,
  onPlanted: (planted: Planted, index: number) => void,
): Promise<void> {
  await inParallel(plantings, lanes, async (planting, index) => {
    const { task, defect, script } = planting;
    const job = jobOf(defect, task.split, seed, 1);
    const key = { job: job.name, phase: task.split, task: task.id, repetition: 0 };
    const openView = withExecution(toolView, defect.execution);
    const tools = { suite, pool, openView, limits: chosenLimits(), counter: chosenCounter(), signal };
    const result = await episode(job, task, key, scripted(job.policy, script.actions), 0, tools);
    onPlanted({ ...labelled(planting, result.trajectory), system: result.system }, index);
  });
}

/** The labels that a kind's statement and what came of it agree on. */
export function labelled(planting: Planting, trajectory: Trajectory): Omit<Planted, 'system'> {
  const { task, defect, script } = planting;
  const scored = score(task, trajectory);
  if (scored.success === null) return { ...planting, trajectory: scored, labels: [], differing: [], open: [] };
  const labels = trueLabels(task, trajectory);
  const verdicts = task.rubric.criteria.map(({ id }) => {
    const [statement, fact] = [statementOf(defect, id), labels.get(id) ?? 'open'];
    return { id, fact, isOpen: statement === 'open' || fact === 'open', isEqual: statement === fact };
  });
  const differing = verdicts.filter(({ isOpen, isEqual }) => !isOpen && !isEqual);
  const decided = differing.length > 0 ? [] : verdicts.filter(({ isOpen }) => !isOpen);
  const tags = {
    family: task.family,
    server: script.server,
    kind: defect.name,
    part: partOf(task, defect.name, script.server),
  };
  const labelFor = (id: string, label: PlantedLabel['label']): PlantedLabel => ({
    trajectory: keyText(trajectory.key),
    task: task.id,
    criterion: id,
    label,
    rater: defect.name,
    source: 'planted',
    tags,
  });
  return {
    ...planting,
    trajectory: scored,
    labels: decided.map(({ id, fact }) => labelFor(id, fact === 'met' ? 1 : 0)),
    differing: differing.map(({ id, fact }) => `${id} is ${fact}`),
    open: decided.length === 0 ? [] : verdicts.filter(({ isOpen }) => isOpen).map(({ id }) => labelFor(id, null)),
  };
}

const statementOf = ({ breaks, open = [] }: Defect, id: string): Finding =>
  breaks.includes(id) ? 'broken' : open.includes(id) ? 'open' : 'met';
