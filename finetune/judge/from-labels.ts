import type { LabelSet } from '../../core/calibration-types.ts';
import { UsageError } from '../../core/errors.ts';
import { jinjaTemplate } from '../../core/models/chat-template.ts';
import { loadModel, type LocalModel } from '../../core/models/llama-library.ts';
import type { Manifest } from '../../core/run-types.ts';
import { randomStream, seedOf } from '../../core/seeds.ts';
import { usualRubric } from '../../core/rubric-kinds.ts';
import { keyText, type ScoredTrajectory } from '../../core/trajectory.ts';
import type { Suite, Task } from '../../core/types.ts';
import { match, type Item } from '../../judges/calibration/match.ts';
import type { Settings } from '../../judges/language/settings.ts';
import { readRecorded } from '../../judges/stored/recorded.ts';
import { rowsOf, type VerdictRow } from './rows.ts';

export interface LabelledRun {
  /** The run's folder, manifest and suite. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly suite: Suite;
  /** Of its episodes; those with a tag `part` other than `train` are left out. */
  readonly labels: LabelSet;
  readonly settings: Settings;
}

/**
 * What a judge is to learn from labelled episodes, tokenised by the engine that will serve it, in its chat template (Jinja). Of
 * each criterion as many yes as no are learned, so that a constant answer earns nothing. Equal input gives equal rows.
 * @throws UsageError where the labels are of other episodes or criteria, or hold nothing to learn.
 */
export async function verdictRows(run: LabelledRun, gguf: string, template: string): Promise<VerdictRow[]> {
  return rowsFrom(run, await loadModel(gguf, 1), template);
}

/** As `verdictRows`, with a model that is loaded already. */
export function rowsFrom(
  { folder, manifest, suite, labels, settings }: LabelledRun,
  model: LocalModel,
  template: string,
): VerdictRow[] {
  const recorded = readRecorded(folder, manifest, suite, usualRubric(manifest.suite));
  try {
    const episodes = recorded.groups.flatMap(({ task, read }) =>
      read().flatMap((trajectory) => (trajectory.success === null ? [] : [{ task, trajectory }])),
    );
    const items = itemsOf(episodes, labels, folder);
    const learned = balanced(items);
    if (learned.size === 0) {
      throw new UsageError(
        `${labels.file} has no criterion with a yes and a no to learn from. Label more episodes, or plant more defects.`,
      );
    }
    const special = { begin: model.begin?.text ?? null, ends: model.ends };
    const reader = { model, template: jinjaTemplate(template, special, 'of the base'), settings };
    const ofEpisode = Map.groupBy(items, (item) => item.trajectory);
    return episodes.flatMap(({ task, trajectory }) => {
      const key = keyText(trajectory.key);
      const labelled = new Map(ofEpisode.get(key)?.map((item) => [item.criterion, item]));
      const truths = task.rubric.criteria.flatMap((criterion) => {
        const item = labelled.get(criterion.id);
        return item ? [{ criterion, isMet: item.truth, isLearned: learned.has(item) }] : [];
      });
      return rowsOf(key, trajectory, truths, reader);
    });
  } finally {
    recorded.close();
  }
}

/** Labelled criteria that may be trained on. */
function itemsOf(
  episodes: readonly { readonly task: Task; readonly trajectory: ScoredTrajectory }[],
  labels: LabelSet,
  folder: string,
): Item[] {
  const criteriaOfEpisodes = episodes.flatMap(({ task, trajectory }) =>
    task.rubric.criteria.map(({ id }) => ({
      trajectory: keyText(trajectory.key),
      task: task.id,
      verdict: { criterion: id, state: 'scored', score: 0 } as const,
    })),
  );
  const criteria = new Set(criteriaOfEpisodes.map(({ verdict }) => verdict.criterion));
  const { items, unjudged } = match(labels, criteriaOfEpisodes, criteria, 0.5);
  if (unjudged > 0) {
    throw new UsageError(
      `${unjudged} criteria in ${labels.file} are of episodes that ${folder} does not hold. Give the labels of that very run.`,
    );
  }
  return items.filter(({ tags }) => (tags['part'] ?? 'train') === 'train');
}

/** Of each criterion as many yes as no, drawn by its name. */
function balanced(items: readonly Item[]): ReadonlySet<Item> {
  const chosen = [...Map.groupBy(items, ({ criterion }) => criterion)].flatMap(([criterion, labelled]) => {
    const { shuffle } = randomStream(seedOf('verdicts to learn', criterion));
    const yes = labelled.filter(({ truth }) => truth);
    const no = labelled.filter(({ truth }) => !truth);
    const count = Math.min(yes.length, no.length);
    return [...shuffle(yes).slice(0, count), ...shuffle(no).slice(0, count)];
  });
  return new Set(chosen);
}
