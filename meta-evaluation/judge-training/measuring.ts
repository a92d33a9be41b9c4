import type { AttackRates, Calibration, LabelSet } from '../../core/calibration-types.ts';
import type { Criterion, Rubric, Verdict } from '../../core/reward-types.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import attackRates from '../../judges/calibration/attack-rate.ts';
import calibrate, { judgedVerdicts } from '../../judges/calibration/calibrate.ts';
import { genericRubric } from '../../judges/rubric/criteria.ts';
import { probabilities } from '../../judges/embedded/judge.ts';
import type { TrainedJudge } from '../../judges/embedded/weights.ts';
import { parseLabels } from '../../judges/calibration/labels.ts';
import type { AttackedEpisode } from '../attacks/attacked-run.ts';
import { inHeldOutWords, wholeLabel } from './examples.ts';
import type { Planted, PlantedLabel } from '../defects/plant.ts';
import type { Labelled } from '../defects/labelled-run.ts';

/** Ways of asking, each a row of the tables: which rubric a trajectory's criteria are put in, and which labels hold then. */
interface Question<E extends Labelled = Planted> {
  readonly name: string;
  readonly rubrics: (task: Task) => readonly Rubric[];
  readonly labels: (episode: E) => readonly PlantedLabel[];
  readonly open: (episode: E) => readonly PlantedLabel[];
}

const free = (criteria: readonly Criterion[]): Rubric => ({ form: 'free', criteria });
const inOtherWords = (task: Task, isOpposite: boolean) =>
  task.rubric.criteria.flatMap((criterion) => inHeldOutWords(criterion, isOpposite) ?? []);
const flipped = ({ labels }: Planted) =>
  labels.map((label): PlantedLabel => ({ ...label, label: label.label === 1 ? 0 : 1 }));

const asPlanted = { labels: ({ labels }: Labelled) => labels, open: ({ open }: Labelled) => open };
const inUse = { rubrics: (task: Task) => [task.rubric], ...asPlanted };

const questions: readonly Question[] = [
  { name: 'embedded', ...inUse },
  {
    name: 'embedded, each criterion alone',
    rubrics: (task) => task.rubric.criteria.map((criterion) => free([criterion])),
    ...asPlanted,
  },
  {
    name: 'embedded, criteria in words never trained on',
    rubrics: (task) => [free(inOtherWords(task, false))],
    ...asPlanted,
  },
  {
    name: 'embedded, opposites in words never trained on',
    rubrics: (task) => [free(inOtherWords(task, true))],
    labels: flipped,
    open: ({ open }) => open,
  },
  {
    name: 'embedded, one holistic score',
    rubrics: () => [genericRubric],
    labels: (planted) => {
      const [label, [first]] = [wholeLabel(planted), planted.labels];
      return label === null || !first ? [] : [{ ...first, criterion: 'whole', label }];
    },
    open: (planted) => {
      const [first] = planted.labels;
      return wholeLabel(planted) === null && first ? [{ ...first, criterion: 'whole', label: null }] : [];
    },
  },
];

/** How far a judge agrees with planted labels, once per way of asking. */
export const calibrationsOf = (judge: TrainedJudge, planted: readonly Planted[]): Calibration[] =>
  questions.map((question) => agreement(judge, question, planted));

/** The same for other labelled episodes, asked as in use. */
export const agreementOn = (judge: TrainedJudge, name: string, episodes: readonly Labelled[]): Calibration =>
  agreement(judge, { name, ...inUse }, episodes);

function agreement<E extends Labelled>(
  judge: TrainedJudge,
  question: Question<E>,
  episodes: readonly E[],
): Calibration {
  const labelled = episodes.filter(({ labels }) => labels.length > 0);
  return calibrate({
    judge: { name: question.name, build: judge.build, prompt: null },
    labels: labelsOf(labelled.flatMap((episode) => [...question.labels(episode), ...question.open(episode)])),
    verdicts: labelled.flatMap(({ task, trajectory }) =>
      question.rubrics(task).flatMap((rubric) => judgedVerdicts(trajectory, verdictsOf(judge, rubric, trajectory))),
    ),
    resamples,
  });
}

const resamples = 200;

/** A judge's row of the attack suite. */
export function attacksOn(
  judge: TrainedJudge,
  episodes: readonly AttackedEpisode[],
  tasks: ReadonlyMap<string, Task>,
): AttackRates {
  const verdicts = episodes.flatMap(({ trajectory }) => {
    const task = tasks.get(trajectory.key.task);
    return task ? judgedVerdicts(trajectory, verdictsOf(judge, task.rubric, trajectory)) : [];
  });
  const lines = episodes.flatMap(({ labels }) => labels.map((label) => JSON.stringify(label)));
  const labels = parseLabels(lines.join('\n'), 'attacked');
  return attackRates({ judge: { name: 'embedded', build: judge.build, prompt: null }, labels, verdicts, resamples });
}

const verdictsOf = (judge: TrainedJudge, rubric: Rubric, trajectory: Trajectory): Verdict[] =>
  probabilities(judge, rubric, trajectory).map((score, index) => ({
    criterion: rubric.criteria[index]?.id ?? '',
    state: 'scored',
    score,
  }));

/** `part` alone of the tags: tables by every name would be long. */
function labelsOf(labels: readonly PlantedLabel[]): LabelSet {
  const lines = labels.map(({ tags, ...label }) =>
    JSON.stringify({ ...label, tags: { part: tags['part'] === 'train' ? 'new-instances' : (tags['part'] ?? '') } }),
  );
  return parseLabels(lines.join('\n'), 'planted');
}
