import { copyFileSync, existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { attackStamp, isSameJudge } from '../../core/record/attack-stamp.ts';
import type { AttackRates, Calibration, FitnessName } from '../../core/calibration-types.ts';
import { inParallel } from '../../core/run/episode.ts';
import { UsageError } from '../../core/errors.ts';
import { openLineFile } from '../../core/record/line-file.ts';
import { openLineHashes, type LineHashes } from '../../core/record/line-hashes.ts';
import type { FormulaName, Verdict } from '../../core/reward-types.ts';
import { eachRecord, learningFile, systemFile, timingFile, trajectoryFile } from '../../core/record/run-files.ts';
import { usualRubric } from '../../core/rubric-kinds.ts';
import { openRunFolder, type RunFolder } from '../../core/record/run-folder.ts';
import type { Manifest, Rejudged } from '../../core/run-types.ts';
import { everyFamily } from '../../core/task-id.ts';
import { keyText, type JudgeBackend, type ScoredTrajectory, type Trajectory } from '../../core/trajectory.ts';
import type { Suite, Task } from '../../core/types.ts';
import { genericRubric } from '../rubric/criteria.ts';
import { calibrationOf, fitnessOf, weighted } from '../calibration/fitness.ts';
import { ask } from '../judge-definition.ts';
import { readRecorded, type Recorded } from './recorded.ts';
import { formulaTexts, rubricReward } from '../rubric/rubric.ts';
import { rubricsRecord, type ChosenRubrics } from '../rubric/file.ts';

export interface RescoreOptions {
  /** Folder of the run to judge anew, and its manifest. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly suite: Suite;
  readonly backend: JudgeBackend;
  readonly rubrics: ChosenRubrics;
  readonly formula: FormulaName;
  /** Records of `toolstone calibrate`, of which the judge's is taken; absent: what comes with the judge counts. */
  readonly calibrations?: readonly Calibration[];
  /** What comes with the judge; absent: nothing, and the run carries no stamp. */
  readonly bundled?: Calibration | null;
  /** How often attacks get past the judge; absent: reports look among what comes with Toolstone. */
  readonly attacks?: AttackRates;
  /** Refuses or down-weights criteria by the judge's calibration. */
  readonly fitness?: FitnessName;
  readonly toolstone: Manifest['toolstone'];
  /** Folder of all runs; `out` names one folder instead. */
  readonly base: string;
  readonly out: string | undefined;
  readonly isFresh: boolean;
  /** Groups that are judged at once; changes no number. */
  readonly concurrency: number;
  readonly onFolder: (folder: RunFolder) => void;
  readonly onProgress: (done: number, total: number, note: string) => void;
  readonly signal: AbortSignal;
}

export interface Rescored {
  readonly path: string;
  /** Verdicts of the whole run by state or cause, as a sentence. */
  readonly counts: string;
}

/**
 * Judges a run's episodes anew without a server, into a folder of their own: the same trajectories, truth and other rewards,
 * new verdicts and rubric rewards. An episode is kept as soon as it is judged, so that a judging that was stopped goes on.
 * @throws UsageError where run, suite, calibration or folder do not go together.
 */
export async function rescore(options: RescoreOptions): Promise<Rescored> {
  const { folder, suite, manifest: judged, out } = options;
  if (out !== undefined && existsSync(out) && realpathSync(out) === realpathSync(folder)) {
    throw new UsageError(`--out names the run that is to be judged. Give another folder.`);
  }
  const recorded = readRecorded(folder, judged, suite, options.rubrics);
  try {
    const manifest = manifestOf(options, recorded);
    const run = openRunFolder({ manifest, base: options.base, out: out && resolve(out), isFresh: options.isFresh });
    options.onFolder(run);
    try {
      const hashes = openLineHashes(run.path);
      try {
        for (const { name } of [systemFile, learningFile]) hashes.adopt(name, join(folder, name));
        for (const { name } of [systemFile, learningFile, timingFile]) {
          if (existsSync(join(folder, name))) copyFileSync(join(folder, name), join(run.path, name));
        }
        await judgeInto(run.path, recorded, manifest.rejudged as Rejudged, hashes, options);
      } finally {
        hashes.close();
      }
      return { path: run.path, counts: countsOf(run.path, manifest.rejudged as Rejudged) };
    } finally {
      run.release();
    }
  } finally {
    recorded.close();
  }
}

function manifestOf(options: RescoreOptions, { hash, groups }: Recorded): Manifest {
  const { manifest, backend, rubrics, formula, calibrations, bundled = null, fitness: thresholds } = options;
  const { name, build, prompt } = backend;
  const calibration = calibrations ? calibrationOf(backend, calibrations) : bundled;
  if (thresholds && !calibration) throw new UsageError('--fitness goes by a calibration: name one with --calibration.');
  const criteria = groups.flatMap(({ task }) => task.rubric.criteria.map(({ id }) => id));
  const fitness = thresholds && calibration ? fitnessOf(calibration, criteria, thresholds) : null;
  const rubric = rubricsRecord(rubrics, [...new Set(groups.map(({ task }) => task.id))]);
  const isUsual = rubric === usualRubric(manifest.suite);
  const named = isUsual ? [] : [typeof rubric === 'string' ? rubric : rubric.file.replace(/\.jsonl$/, '')];
  const parts = [name, ...named, ...(formula === 'weight-proportional' ? [] : [formula])];
  const slug = [...parts, ...(thresholds ? [thresholds] : [])].join('-').replace(/[^\w.-]+/g, '-');
  if (options.attacks && !isSameJudge(options.attacks.judge, backend)) {
    const { judge: theirs } = options.attacks;
    throw new UsageError(
      `The attacks were not on this judge, ${name} (${build}), but on ${theirs.name} (${theirs.build}).`,
    );
  }
  const { jobs, rejudged: _, judge: __, ...rest } = manifest;
  return {
    ...rest,
    name: `${manifest.name}-judge-${slug}`,
    command: 'judge',
    toolstone: options.toolstone,
    rubricFormula: formulaTexts[formula],
    ...(isUsual && !options.suite.isOwn ? {} : { rubrics: rubric === 'generic' ? generic : byTask(groups) }),
    rejudged: {
      judge: { name, build, prompt },
      run: manifest.name,
      trajectories: hash,
      rubric,
      formula,
      calibration: calibration?.stamp ?? null,
      ...(options.attacks ? { attacks: attackStamp(options.attacks) } : {}),
      fitness,
    },
    jobs,
  };
}

const generic = { [everyFamily]: genericRubric.criteria };

/** Those of a file, and of own tasks, are other ones for every task. */
const byTask = (groups: Recorded['groups']) =>
  Object.fromEntries(groups.map(({ task }) => [task.id, task.rubric.criteria]));

async function judgeInto(
  target: string,
  recorded: Recorded,
  rejudged: Rejudged,
  hashes: LineHashes,
  options: RescoreOptions,
): Promise<void> {
  const { signal, onProgress } = options;
  const path = join(target, trajectoryFile.name);
  const lines = hashes.of(
    trajectoryFile.name,
    openLineFile(path, (value) => keyText((value as Trajectory).key)),
  );
  const order = new Map(recorded.groups.flatMap(({ keys }) => keys).map((key, index) => [key, index]));
  const owed = recorded.groups.filter(({ keys }) => !keys.every(lines.has));
  if (owed.length > 0) hashes.unseal();
  onProgress(lines.size(), order.size, '');
  try {
    await inParallel(owed, options.concurrency, async ({ task, read }) => {
      signal.throwIfAborted();
      const trajectories = read();
      const answers = await ask(options.backend, task, trajectories, signal);
      for (const [index, trajectory] of trajectories.entries()) {
        const scored = withVerdicts(task, trajectory, answers[index] ?? [], rejudged);
        lines.append(keyText(trajectory.key), JSON.stringify(scored));
      }
      onProgress(lines.size(), order.size, options.backend.name);
    });
    lines.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    hashes.seal();
  } finally {
    lines.close();
  }
}

function withVerdicts(
  { rubric }: Task,
  trajectory: ScoredTrajectory,
  verdicts: readonly Verdict[],
  { formula, fitness }: Rejudged,
): ScoredTrajectory {
  const counted = fitness ? weighted(rubric, fitness) : rubric;
  const reward = trajectory.outcome.kind === 'failed' ? null : rubricReward(counted, verdicts, formula);
  return { ...trajectory, verdicts, rewards: { ...trajectory.rewards, rubric: reward } };
}

/** e.g. `60 episodes, 720 verdicts: scored 700, not applicable 17, refused 3`. */
function countsOf(folder: string, { rubric }: Rejudged): string {
  const counts = new Map<string, number>();
  let [episodes, verdicts] = [0, 0];
  eachRecord(folder, trajectoryFile, (trajectory) => {
    episodes += 1;
    for (const verdict of trajectory.verdicts) {
      verdicts += 1;
      const kind = verdict.state === 'scored' ? 'scored' : (verdict.cause ?? 'not applicable');
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  });
  const parts = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => `${kind} ${count}`);
  const without = Object.entries(typeof rubric === 'string' ? {} : rubric.without).map(
    ([cause, count]) => `${cause} ${count}`,
  );
  const unasked = without.length === 0 ? '' : `; tasks without a rubric: ${without.join(', ')}`;
  return `${episodes} episodes, ${verdicts} verdicts: ${parts.join(', ')}${unasked}`;
}
