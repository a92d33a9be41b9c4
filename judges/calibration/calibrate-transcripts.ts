import type { Calibration, JudgedVerdict, LabelSet } from '../../core/calibration-types.ts';
import { UsageError } from '../../core/errors.ts';
import type { FormulaName, Rubric } from '../../core/reward-types.ts';
import { inParallel } from '../../core/run/episode.ts';
import type { JudgeBackend } from '../../core/trajectory.ts';
import { ask } from '../judge-definition.ts';
import { rubricReward } from '../rubric/rubric.ts';
import calibrate, { judgedVerdicts } from './calibrate.ts';
import { refuseUnknown } from './known-criteria.ts';
import type { Transcript, TranscriptSet } from './transcripts.ts';

export interface CalibrateTranscriptsOptions {
  readonly set: TranscriptSet;
  readonly backend: JudgeBackend;
  /** In place of those in the transcripts; they name a transcript's id as their trajectory. */
  readonly labels: LabelSet | undefined;
  readonly formula: FormulaName;
  /** Groups that are judged at once; changes no number. */
  readonly concurrency: number;
  readonly onProgress: (done: number, total: number, note: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Has a judge judge plain transcripts, and compares it with labels. Those of the same task and criteria are shown together to
 * judges that compare.
 * @throws UsageError before the judge is asked anything where there are no labels, or they name what is not there.
 */
export async function calibrateTranscripts(options: CalibrateTranscriptsOptions): Promise<Calibration> {
  const { set, backend, formula, signal, onProgress } = options;
  const labels = options.labels ?? set.labels;
  if (!labels) {
    throw new UsageError(
      `${set.name} holds no labels. Give them under "labels" of its lines, or name a label file with --labels.`,
    );
  }
  refuseUncheckable(backend);
  const { transcripts } = set;
  refuseUnknown(
    labels,
    transcripts.map(({ id, task }) => ({ trajectory: id, task: task.id, rubric: task.rubric })),
  );
  const groups = [...Map.groupBy(transcripts, groupOf).values()];
  const judged: (readonly JudgedVerdict[])[] = [];
  let done = 0;
  await inParallel(groups, options.concurrency, async (group, index) => {
    signal.throwIfAborted();
    const [{ task }] = group as [Transcript];
    const trajectories = group.map(({ trajectory }) => trajectory);
    const answers = await ask(backend, task, trajectories, signal);
    judged[index] = group.flatMap(({ id, length, trajectory }, at) =>
      judgedVerdicts(trajectory, answers[at] ?? []).map((one) => ({ ...one, trajectory: id, length })),
    );
    done += group.length;
    onProgress(done, transcripts.length, backend.name);
  });
  const rubrics = new Map<string, Rubric>(transcripts.map(({ task }) => [task.id, task.rubric]));
  return calibrate({
    judge: { name: backend.name, build: backend.build, prompt: backend.prompt },
    labels,
    verdicts: judged.flat(),
    criteria: transcripts.flatMap(({ task }) => task.rubric.criteria.map(({ id }) => id)),
    rewardOf: (task, verdicts) => {
      const rubric = rubrics.get(task);
      return rubric ? rubricReward(rubric, verdicts, formula) : null;
    },
  });
}

const groupOf = ({ task }: Transcript): string => JSON.stringify([task.id, task.prompt, task.rubric.criteria]);

/** Code decides by the plan and the end state, of which a transcript has none. */
function refuseUncheckable({ name }: JudgeBackend): void {
  if (name !== 'code' && !name.startsWith('noisy:')) return;
  throw new UsageError(
    `The judge ${name} goes by a task's plan and end state, which no transcript holds. Name a judge that reads: embedded, or a model.`,
  );
}
