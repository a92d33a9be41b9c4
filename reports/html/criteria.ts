import type { Manifest } from '../../core/run-types.ts';
import type { Criterion } from '../../core/reward-types.ts';
import { everyFamily, isOwnSuiteName, taskIdParts } from '../../core/task-id.ts';

/**
 * The manifest's criteria by family or task, each description cut to what it says of all of them: rubrics spell out their task
 * after a colon, and a table about all tasks must not quote one of them.
 */
export default function generalCriteria({ rubrics = {} }: Manifest): Readonly<Record<string, readonly Criterion[]>> {
  const wordings = new Map<string, Set<string>>();
  for (const { id, description } of Object.values(rubrics).flat()) {
    wordings.set(id, (wordings.get(id) ?? new Set()).add(description));
  }
  const general = (criterion: Criterion): Criterion => ({
    ...criterion,
    description: commonOf([...(wordings.get(criterion.id) ?? [])]),
  });
  return Object.fromEntries(Object.entries(rubrics).map(([family, criteria]) => [family, criteria.map(general)]));
}

/**
 * Finds the criteria of a task: as they stand where they are filed under its id, else those that the tasks of its family share.
 * An older run of own tasks, filed under the family of them all, has another task's: those are not shown.
 */
export function criteriaFinder(manifest: Manifest): (task: string) => readonly Criterion[] {
  const { suite, rubrics = {} } = manifest;
  const general = generalCriteria(manifest);
  const isOwn = isOwnSuiteName(suite);
  return (task) =>
    rubrics[task] ?? (isOwn ? undefined : general[taskIdParts(task).family]) ?? general[everyFamily] ?? [];
}

/** One text for several: themselves where equal, else what they share up to the last colon or word. */
function commonOf(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  if (others.length === 0) return first;
  let length = 0;
  while (length < first.length && others.every((text) => text[length] === first[length])) length += 1;
  const shared = first.slice(0, length);
  const colon = shared.lastIndexOf(':');
  return colon >= 0 ? `${shared.slice(0, colon)}.` : `${shared.slice(0, shared.lastIndexOf(' '))} …`;
}
