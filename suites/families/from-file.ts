import { familyOfChains } from '../goals/family-of-chains.ts';

/** Looks up a line of a file and does something with its value. */
export default familyOfChains({ name: 'from-file', chains: [['file-line']] });
