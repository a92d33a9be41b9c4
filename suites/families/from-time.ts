import { familyOfChains } from '../goals/family-of-chains.ts';

/** Converts a time to another zone and does something with it. */
export default familyOfChains({ name: 'from-time', chains: [['time-zone']] });
