import type { Suite } from '../core/types.ts';
import { broadOptions } from './broad.ts';
import { familiesNamed } from './tasks/family-list.ts';
import type { Family } from './tasks/family.ts';
import { suiteOf } from './tasks/suite-of.ts';

/** Every shape of a family as a family of its own, so that reports have a row for each number of sub-goals. */
const rungsOf = (family: Family): Family[] =>
  Array.from({ length: family.shapes }, (_, shape) => ({
    ...family,
    name: `${family.name}-${shape + 1}`,
    shapes: 1,
    draft: (draw, roles) => family.draft(draw, roles, shape),
  }));

const familyFiles = ['rungs', 'rungs-read'] as const;

/** The same skill once, twice, … six times in a task: what length alone costs. */
export default suiteOf({
  name: 'ladder',
  summary: 'writing things down, and looking things up, at one to six sub-goals of equal kind',
  splits: ['train', 'validation', 'test', 'wording', 'fuzzy'],
  families: (await familiesNamed(...familyFiles)).flatMap(rungsOf),
  familyFiles,
  servers: broadOptions.servers,
}) satisfies Suite;
