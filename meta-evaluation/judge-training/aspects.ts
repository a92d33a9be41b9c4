import { aspects } from '../../judges/embedded/network.ts';
import type { Aspect } from '../../judges/embedded/mixture.ts';
import { planRubric, genericRubric } from '../../judges/rubric/criteria.ts';
import { propositions } from '../statements/propositions.ts';

/** What training knows that criteria ask about: those of our rubrics, and what statements say. */
const names: readonly string[] = [
  ...[...planRubric([], []).criteria, ...genericRubric.criteria].map(({ id }) => `criterion ${id}`),
  ...Object.keys(propositions),
];

const placeOf = new Map(names.map((name, index) => [name, index]));

/** The network's column of what is asked about, turned round or not; `null` where it has no name. */
export function aspectOf(name: string, isTurned: boolean): Aspect {
  const place = placeOf.get(name);
  return place === undefined || place >= aspects ? null : place + (isTurned ? aspects : 0);
}
