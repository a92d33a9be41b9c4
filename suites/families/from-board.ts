import { familyOfChains } from '../goals/family-of-chains.ts';

/** Reads the description of a task on the board and does something with it. */
export default familyOfChains({ name: 'from-board', chains: [['board-description']] });
