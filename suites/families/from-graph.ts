import { familyFrom } from '../goals/family-from.ts';
import graphObservation from '../goals/sources/graph-observation.ts';
import graphRelation from '../goals/sources/graph-relation.ts';
import graphSearch from '../goals/sources/graph-search.ts';

/** Finds an observation, a relation or an entity in the graph and does something with it. */
export default familyFrom('from-graph', [graphObservation, graphRelation, graphSearch]);
