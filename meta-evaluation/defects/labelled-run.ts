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
  /** Slots of criteria that are open. */
  readonly open: readonly PlantedLabel[];
}

/**
 * Episodes of policies, as they came about and not broken on purpose, with what came of them by the words of the criteria
 * (`true-labels.ts`); what those leave open is an open slot. Episodes of training are left out.
 */
export function labelledRun(folder: string, manifest: Manifest, suite: Suite): Labelled[] {
  const recorded = readRecorded(folder, manifest, suite, usualRubric(manifest.suite));
  try {
    return recorded.groups.flatMap(({ task, read }) =>
      read()
        .filter(({ key, success }) => key.phase !== trainPhase && success !== null)
        .map((trajectory) => {
          const slots = slotsOf(task, trajectory);
          return {
            task,
            trajectory,
            labels: slots.filter(({ label }) => label !== null),
            open: slots.filter(({ label }) => label === null),
          };
        }),
    );
  } finally {
    recorded.close();
  }
}

function slotsOf(task: Task, trajectory: ScoredTrajectory): PlantedLabel[] {
  return [...trueLabels(task, trajectory)].map(([criterion, finding]): PlantedLabel => {
    const tags = { part: `policy-${trajectory.policy}`, family: task.family, kind: trajectory.policy };
    const label = finding === 'open' ? null : finding === 'met' ? 1 : 0;
    const trajectoryKey = keyText(trajectory.key);
    return { trajectory: trajectoryKey, task: task.id, criterion, label, rater: 'witness', source: 'planted', tags };
  });
}
