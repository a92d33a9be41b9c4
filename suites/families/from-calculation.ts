import { familyFrom } from '../goals/family-from.ts';
import hash from '../goals/sources/hash.ts';
import sum from '../goals/sources/sum.ts';
import units from '../goals/sources/units.ts';

/** Calculates something from the prompt and does something with the result. */
export default familyFrom('from-calculation', [hash, sum, units]);
