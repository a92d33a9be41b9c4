import type { JsonObject } from '../../core/json.ts';
import { type Change, type State, unchanged } from './state.ts';
import type { Roles, Step } from './step.ts';

const onGraph = (roles: Roles, tool: string, args: JsonObject, change: Change = unchanged): Step => ({
  server: roles.graph,
  tool,
  arguments: args,
  change,
});

/** Finds entities by their name, type or observations. */
export const searchNodes = (roles: Roles, query: string): Step => onGraph(roles, 'search_nodes', { query });

/** The stand-in shows only relations between the entities asked for: read the whole graph for the others. */
export const openNodes = (roles: Roles, names: readonly string[]): Step => ({
  ...onGraph(roles, 'open_nodes', { names }),
  shows: ({ entities }) => ({
    entities: entities
      .filter(({ name }) => names.includes(name))
      .map(({ name, type, observations }) => ({ name, entityType: type, observations })),
  }),
});

export const readGraph = (roles: Roles): Step => onGraph(roles, 'read_graph', {});

export const deleteObservation = (roles: Roles, entityName: string, text: string): Step =>
  onGraph(roles, 'delete_observations', { deletions: [{ entityName, observations: [text] }] }, (state) => ({
    ...state,
    entities: state.entities.map((entity) =>
      entity.name === entityName
        ? { ...entity, observations: entity.observations.filter((other) => other !== text) }
        : entity,
    ),
  }));

export const deleteRelation = (roles: Roles, from: string, relationType: string, to: string): Step =>
  onGraph(roles, 'delete_relations', { relations: [{ from, to, relationType }] }, (state) => ({
    ...state,
    relations: state.relations.filter(
      (relation) => relation.from !== from || relation.type !== relationType || relation.to !== to,
    ),
  }));

/** Its relations go with it. */
export const deleteEntity = (roles: Roles, name: string): Step =>
  onGraph(roles, 'delete_entities', { entityNames: [name] }, (state) => ({
    ...state,
    entities: state.entities.filter((entity) => entity.name !== name),
    relations: state.relations.filter((relation) => relation.from !== name && relation.to !== name),
  }));

/** A start state in which an entity exists and has these observations, after those it had. */
export function withEntity(start: State, name: string, type: string, observations: readonly string[]): State {
  const earlier = start.entities.find((candidate) => candidate.name === name);
  const entity = {
    name,
    type: earlier?.type ?? type,
    observations: [...(earlier?.observations ?? []), ...observations],
  };
  return {
    ...start,
    entities: earlier
      ? start.entities.map((candidate) => (candidate === earlier ? entity : candidate))
      : [...start.entities, entity],
  };
}
