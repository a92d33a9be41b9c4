import { familyOfChains } from '../goals/family-of-chains.ts';

/** Finds an observation, a relation or an entity in the graph and does something with it. */
export default familyOfChains({
  name: 'from-graph',
  chains: [['graph-observation'], ['graph-relation'], ['graph-search']],
});
