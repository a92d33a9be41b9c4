import { familyOfChains } from '../goals/family-of-chains.ts';

/** Calculates something from the prompt and does something with the result. */
export default familyOfChains({ name: 'from-calculation', chains: [['hash'], ['sum'], ['units']] });
