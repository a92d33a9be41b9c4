import { familyOfChains } from '../goals/family-of-chains.ts';

/** Finds something in a vault of notes, by name, text or tag, and does something with it. */
export default familyOfChains({ name: 'from-vault', chains: [['vault-note'], ['vault-search'], ['vault-tag']] });
