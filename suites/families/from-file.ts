import { familyFrom } from '../goals/family-from.ts';
import fileLine from '../goals/sources/file-line.ts';

/** Looks up a line of a file and does something with its value. */
export default familyFrom('from-file', [fileLine]);
