import { familyFrom } from '../goals/family-from.ts';
import pageLine from '../goals/sources/page-line.ts';

/** Looks up a line on a page of the memory bank and does something with its value. */
export default familyFrom('from-page', [pageLine]);
