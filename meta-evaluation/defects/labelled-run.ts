import { trainPhase } from '../../core/phase.ts';
import type { Manifest } from '../../core/run-types.ts';
import { usualRubric } from '../../core/rubric-kinds.ts';
import { keyText, type ScoredTrajectory } from '../../core/trajectory.ts';
import type { Suite, Task } from '../../core/types.ts';
import { readRecorded } from '../../judges/stored/recorded.ts';
import type { PlantedLabel } from './plant.ts';
import { trueLabels } from './true-labels.ts';

/** An episode with what is known of its criteria. */
export interface Labelled {
  readonly task: Task;
  readonly trajectory: ScoredTrajectory;
  readonly labels: readonly PlantedLabel[];
}

/**
 * Episodes of policies, as they came about and not broken on purpose, with what came of them by the words of the criteria
 * (`true-labels.ts`); what those leave open is not labelled. Episodes of training are left out.
 */
export function labelledRun(folder: string, manifest: Manifest, suite: Suite): Labelled[] {
  const recorded = readRecorded(folder, manifest, suite, usualRubric(manifest.suite));
  try {
    return recorded.groups.flatMap(({ task, read }) =>
      read()
        .filter(({ key, success }) => key.phase !== trainPhase && success !== null)
        .map((trajectory) => ({ task, trajectory, labels: labelsOf(task, trajectory) })),
    );
  } finally {
    recorded.close();
  }
}

function labelsOf(task: Task, trajectory: ScoredTrajectory): PlantedLabel[] {
  return [...trueLabels(task, trajectory)].flatMap(([criterion, finding]): PlantedLabel[] => {
    if (finding === 'open') return [];
    const tags = { part: `policy-${trajectory.policy}`, family: task.family, kind: trajectory.policy };
    const label = finding === 'met' ? 1 : 0;
    const trajectoryKey = keyText(trajectory.key);
    return [{ trajectory: trajectoryKey, task: task.id, criterion, label, rater: 'witness', source: 'planted', tags }];
  });
}
