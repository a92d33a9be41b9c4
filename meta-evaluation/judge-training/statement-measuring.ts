import type { Calibration } from '../../core/calibration-types.ts';
import { keyText } from '../../core/trajectory.ts';
import calibrate, { judgedVerdicts } from '../../judges/calibration/calibrate.ts';
import { parseLabels, type LabelLine } from '../../judges/calibration/labels.ts';
import { probabilities } from '../../judges/embedded/judge.ts';
import type { TrainedJudge } from '../../judges/embedded/weights.ts';
import { partOf } from '../defects/held-out.ts';
import type { Planted } from '../defects/plant.ts';
import { statementsOf, strangersOf, type Statement } from '../statements/statements.ts';
import { heldOut, trainedStyles } from '../statements/styles.ts';

const perStyle = 2;
/** Of statements to measure with; training draws by other seeds. */
const seed = 7;
const resamples = 200;

/** Which statements are asked of an episode, each a row of the tables. */
const questions: readonly {
  readonly name: string;
  readonly statements: (episode: Planted) => readonly Statement[];
}[] = [
  {
    name: 'embedded, statements in styles trained on',
    statements: ({ task, trajectory }) => statementsOf(task, trajectory, { seed, perStyle, styles: trainedStyles }),
  },
  {
    name: 'embedded, statements in styles never trained on',
    statements: ({ task, trajectory }) => statementsOf(task, trajectory, { seed, perStyle, styles: heldOut }),
  },
  {
    name: 'embedded, fourteen plain sentences',
    statements: ({ task, trajectory }) => strangersOf(task, trajectory),
  },
];

/**
 * How far a judge agrees with what a witness of the world says of statements that are no rubric's. Those of a style are asked
 * together. Rows by criterion are by what is said, or by the sentence where it is one of the fourteen.
 */
export const statementCalibrations = (judge: TrainedJudge, planted: readonly Planted[]): Calibration[] =>
  questions.map(({ name, statements }) => {
    const asked = planted
      .filter(({ trajectory }) => trajectory.outcome.kind !== 'failed')
      .flatMap((episode) =>
        [...Map.groupBy(statements(episode), ({ style }) => style)].map(([style, ofStyle]) => ({
          episode,
          style,
          ofStyle,
        })),
      );
    return calibrate({
      judge: { name, build: judge.build, prompt: null },
      labels: parseLabels(asked.flatMap(linesOf).join('\n'), 'statements'),
      verdicts: asked.flatMap((one) => verdictsOf(judge, one)),
      resamples,
    });
  });

interface Asked {
  readonly episode: Planted;
  readonly style: string;
  readonly ofStyle: readonly Statement[];
}

/** The same thing may be said of an episode in several styles. */
const nameOf = ({ episode, style }: Asked) => `${keyText(episode.trajectory.key)} ${style}`;
const sayingOf = ({ style, id, proposition }: Statement) => (style === 'strangers' ? id : proposition);

function linesOf(asked: Asked): string[] {
  const { episode, style, ofStyle } = asked;
  const { task, defect, script } = episode;
  const part = partOf(task, defect.name, script.server);
  return ofStyle.map((statement) => {
    const { truth } = statement;
    const line: LabelLine = {
      trajectory: nameOf(asked),
      task: task.id,
      criterion: sayingOf(statement),
      label: truth === null ? null : truth ? 1 : 0,
      rater: 'witness',
      source: 'planted',
      tags: { style, part: part === 'train' ? 'new-instances' : part },
    };
    return JSON.stringify(line);
  });
}

function verdictsOf(judge: TrainedJudge, asked: Asked) {
  const { trajectory } = asked.episode;
  const criteria = asked.ofStyle.map((statement) => ({
    id: sayingOf(statement),
    category: 'task-fulfilment' as const,
    description: statement.text,
    weight: 1,
  }));
  const scores = probabilities(judge, { form: 'free', criteria }, trajectory);
  const verdicts = criteria.map(({ id }, index) => ({
    criterion: id,
    state: 'scored' as const,
    score: scores[index] ?? NaN,
  }));
  return judgedVerdicts(trajectory, verdicts).map((one) => ({ ...one, trajectory: nameOf(asked) }));
}
