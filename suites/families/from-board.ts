import { familyFrom } from '../goals/family-from.ts';
import boardDescription from '../goals/sources/board-description.ts';

/** Reads the description of a task on the board and does something with it. */
export default familyFrom('from-board', [boardDescription]);
