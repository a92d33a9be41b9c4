import type { Manifest } from '../../core/run-types.ts';
import type { Criterion } from '../../core/reward-types.ts';

/**
 * The manifest's criteria by family, each description cut to what it says of every task: rubrics spell out their task after a
 * colon, and a page about all tasks must not quote one of them.
 */
export default function criteriaByFamily({ rubrics = {} }: Manifest): Readonly<Record<string, readonly Criterion[]>> {
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
