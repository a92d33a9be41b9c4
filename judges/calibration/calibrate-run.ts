import type { AttackRates, Calibration, JudgedVerdict, LabelSet } from '../../core/calibration-types.ts';
import { inParallel } from '../../core/run/episode.ts';
import type { FormulaName, Rubric } from '../../core/reward-types.ts';
import type { Manifest } from '../../core/run-types.ts';
import type { JudgeBackend } from '../../core/trajectory.ts';
import type { Suite } from '../../core/types.ts';
import attackRates from './attack-rate.ts';
import calibrate, { judgedVerdicts } from './calibrate.ts';
import { refuseUnknown } from './known-criteria.ts';
import { ask } from '../judge-definition.ts';
import { readRecorded } from '../stored/recorded.ts';
import { rubricReward } from '../rubric/rubric.ts';
import type { ChosenRubrics } from '../rubric/file.ts';

export interface CalibrateRunOptions {
  /** Folder of the run whose episodes the labels are about, and its manifest. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly suite: Suite;
  readonly backend: JudgeBackend;
  readonly rubrics: ChosenRubrics;
  readonly formula: FormulaName;
  readonly labels: LabelSet;
  /** Groups that are judged at once; changes no number. */
  readonly concurrency: number;
  readonly onProgress: (done: number, total: number, note: string) => void;
  readonly signal: AbortSignal;
}

/** What a calibration finds; of labels of attacked episodes also how often attacks get through. */
export interface Calibrated {
  readonly record: Calibration;
  readonly attacks: AttackRates | null;
}

/**
 * Has a judge judge all episodes of a run, those without a label too, and compares it with labels. Labels of unknown criteria
 * are refused before it is asked.
 * @throws UsageError as `readRecorded` and `calibrate` do.
 */
export async function calibrateRun(options: CalibrateRunOptions): Promise<Calibrated> {
  const { folder, manifest, suite, backend, labels, formula, signal, onProgress } = options;
  const recorded = readRecorded(folder, manifest, suite, options.rubrics);
  try {
    refuseUnknown(
      labels,
      recorded.groups.flatMap(({ task, keys }) =>
        keys.map((trajectory) => ({ trajectory, task: task.id, rubric: task.rubric })),
      ),
    );
    const total = recorded.groups.reduce((sum, { keys }) => sum + keys.length, 0);
    const judged: (readonly JudgedVerdict[])[] = [];
    let done = 0;
    await inParallel(recorded.groups, options.concurrency, async ({ task, read }, index) => {
      signal.throwIfAborted();
      const trajectories = read();
      const answers = await ask(backend, task, trajectories, signal);
      judged[index] = trajectories.flatMap((one, at) => judgedVerdicts(one, answers[at] ?? []));
      done += trajectories.length;
      onProgress(done, total, backend.name);
    });
    const identity = { name: backend.name, build: backend.build, prompt: backend.prompt };
    const verdicts = judged.flat();
    const rubrics = new Map<string, Rubric>(recorded.groups.map(({ task }) => [task.id, task.rubric]));
    const record = calibrate({
      judge: identity,
      labels,
      verdicts,
      criteria: [...rubrics.values()].flatMap(({ criteria }) => criteria.map(({ id }) => id)),
      rewardOf: (task, verdicts) => {
        const rubric = rubrics.get(task);
        return rubric ? rubricReward(rubric, verdicts, formula) : null;
      },
    });
    const areAttacked = labels.labels.some(({ tags }) => tags['attack'] !== undefined);
    return { record, attacks: areAttacked ? attackRates({ judge: identity, labels, verdicts }) : null };
  } finally {
    recorded.close();
  }
}
