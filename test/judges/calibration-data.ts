import type { JudgedVerdict, Label } from '../../core/calibration-types.ts';
import { randomStream, seedOf } from '../../core/seeds.ts';
import calibrate, { type CalibrationInput } from '../../judges/calibration/calibrate.ts';
import { parseLabels } from '../../judges/calibration/labels.ts';

export interface Line {
  readonly trajectory?: string;
  readonly task?: string;
  readonly criterion?: string;
  readonly label?: number;
  readonly score?: number;
  readonly rater?: string;
  readonly source?: Label['source'];
  readonly group?: string;
  readonly tags?: Record<string, string>;
}

export const setOf = (lines: readonly Line[]) =>
  parseLabels(
    lines.map((line) => JSON.stringify({ criterion: 'done', rater: 'anna', source: 'human', ...line })).join('\n'),
    'labels.jsonl',
  );

export const says = (trajectory: string, score: number, more: Partial<JudgedVerdict> & { criterion?: string } = {}) => {
  const { criterion = 'done', ...rest } = more;
  const task = trajectory.split(' ')[2] ?? trajectory;
  return { trajectory, task, verdict: { criterion, state: 'scored', score }, ...rest } satisfies JudgedVerdict;
};

export const withholds = (trajectory: string, cause?: JudgedVerdict['cause']): JudgedVerdict => ({
  trajectory,
  task: trajectory.split(' ')[2] ?? trajectory,
  verdict: { criterion: 'done', state: 'unscored', reason: 'it would not say' },
  ...(cause && { cause }),
});

export const key = (task: string, repetition = 0) => `run test ${task} ${repetition}`;
const judge = { name: 'hand', build: '1', prompt: null };
export const of = (lines: readonly Line[], verdicts: readonly JudgedVerdict[], more: Partial<CalibrationInput> = {}) =>
  calibrate({ judge, labels: setOf(lines), verdicts, resamples: 200, ...more });

/** `tasks` × 4 trajectories, one criterion; the judge is right with the chance `skill`. */
export function drawn(tasks: number, skill: number, prevalence = 0.5) {
  const { uniform } = randomStream(seedOf('drawn', tasks, skill, prevalence));
  const lines: Line[] = [];
  const verdicts: JudgedVerdict[] = [];
  for (let index = 0; index < tasks * 4; index++) {
    const trajectory = key(`t${index % tasks}`, index);
    const label = Number(uniform() < prevalence);
    const said = uniform() < skill ? label : 1 - label;
    lines.push({ trajectory, label, tags: { half: index % 2 === 0 ? 'even' : 'odd' } });
    verdicts.push(says(trajectory, 0.1 + 0.7 * said + 0.2 * uniform(), { length: Math.floor(100 * uniform()) }));
  }
  return { lines, verdicts };
}
