import { familyOfChains } from '../goals/family-of-chains.ts';

/** Looks up a line on a page of the memory bank and does something with its value. */
export default familyOfChains({ name: 'from-page', chains: [['page-line']] });
