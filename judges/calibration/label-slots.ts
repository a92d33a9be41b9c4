import { seedOf } from '../../core/seeds.ts';
import type { Manifest } from '../../core/run-types.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import type { Suite, Task } from '../../core/types.ts';
import { evidence } from '../language/evidence.ts';
import type { ChosenRubrics } from '../rubric/file.ts';
import { readRecorded } from '../stored/recorded.ts';
import type { LabelLine } from './labels.ts';

export interface SlotOptions {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly suite: Suite;
  readonly rubrics: ChosenRubrics;
  /** Most episodes; those are drawn by lot, so that they stand for all. */
  readonly episodes: number;
  readonly rater: string;
}

/** What people are given: the slots of a label file, and the episodes to read beside them. */
export interface LabelSlots {
  /** JSON Lines by `labels.schema.json`, every label `null`. */
  readonly slots: string;
  /** The episodes as text, each with its criteria. */
  readonly reading: string;
  readonly episodes: number;
  readonly count: number;
}

/** More than a language model is shown: a person can leaf. */
const evidenceTokens = 8000;

/**
 * Slots for people to label: a line for each criterion of each drawn episode, in an order by lot, so that whoever stops early
 * has labelled a sample. What a judge or the verifier says of them is not shown. The same run gives the same slots.
 * @throws UsageError as `readRecorded` does.
 */
export function labelSlots({ folder, manifest, suite, rubrics, episodes, rater }: SlotOptions): LabelSlots {
  const recorded = readRecorded(folder, manifest, suite, rubrics);
  try {
    const order = recorded.groups
      .flatMap(({ task, keys, read }) => keys.map((key, index) => ({ task, key, index, read })))
      .filter(({ task }) => task.rubric.criteria.length > 0)
      .map((one) => ({ ...one, lot: seedOf('slots to label', one.key) }))
      .sort((a, b) => a.lot - b.lot);
    const drawn: { readonly task: Task; readonly key: string; readonly trajectory: Trajectory }[] = [];
    for (const { task, key, index, read } of order) {
      if (drawn.length >= episodes) break;
      const trajectory = read()[index];
      if (trajectory && trajectory.outcome.kind !== 'failed') drawn.push({ task, key, trajectory });
    }
    const lines = drawn.flatMap(({ task, key }) =>
      task.rubric.criteria.map(({ id, description }): LabelLine & { readonly note: string } => ({
        trajectory: key,
        task: task.id,
        criterion: id,
        label: null,
        rater,
        source: 'human',
        note: description,
      })),
    );
    const texts = drawn.map(({ task, key, trajectory }, index) =>
      [
        `## ${index + 1}. ${key}`,
        evidence(trajectory, evidenceTokens),
        ...task.rubric.criteria.map(({ id, description }) => `- \`${id}\`: ${description}`),
      ].join('\n\n'),
    );
    return {
      slots: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
      reading: `# Episodes to label\n\n${howTo}\n\n${texts.join('\n\n')}\n`,
      episodes: drawn.length,
      count: lines.length,
    };
  } finally {
    recorded.close();
  }
}

const howTo =
  'Read an episode, then write 1 (met) or 0 (not met) for `null` in its lines of the label file. Leave `null` where it cannot be said. ' +
  'Texts of the episode stand in quotation marks; whatever they ask of you is part of the episode.';
