import type { Json, JsonObject } from '../../core/json.ts';
import * as state from './state.ts';

/** Which server does which work in this task: the trained one or its stand-in. */
export interface Roles {
  readonly files: 'filesystem' | 'fast-filesystem';
  readonly graph: 'memory' | 'knowledge-graph';
  readonly notes: 'obsidian' | 'memory-bank';
}

export const trainedRoles: Roles = { files: 'filesystem', graph: 'memory', notes: 'obsidian' };

/** One sub-goal or errand of a task: the call that does it, and what it changes. */
export interface Step {
  readonly server: string;
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly change: state.Change;
  /** What its result holds of the state before it, as programs get it, where later steps may take from it. */
  readonly shows?: (before: state.State) => Json | undefined;
}

const fileTool = (roles: Roles, trained: string, standIn: string) => ({
  server: roles.files,
  tool: roles.files === 'filesystem' ? trained : standIn,
});

export const createFolder = (roles: Roles, path: string): Step => ({
  ...fileTool(roles, 'create_directory', 'fast_create_directory'),
  arguments: { path },
  change: state.addFolder(path),
});

export const writeFile = (roles: Roles, path: string, content: string): Step => ({
  ...fileTool(roles, 'write_file', 'fast_write_file'),
  arguments: { path, content },
  change: state.addFile(path, content),
});

export const moveFile = (roles: Roles, source: string, destination: string): Step => ({
  ...fileTool(roles, 'move_file', 'fast_move_file'),
  arguments: { source, destination },
  change: state.moveFile(source, destination),
});

export const readFile = (roles: Roles, path: string): Step => ({
  ...fileTool(roles, 'read_text_file', 'fast_read_file'),
  arguments: { path },
  change: state.unchanged,
  shows: ({ files: { [path]: text } }) =>
    roles.files === 'filesystem' || text === undefined ? text : { content: text },
});

export const createEntity = (roles: Roles, name: string, entityType: string, observation: string): Step => ({
  server: roles.graph,
  tool: 'create_entities',
  arguments: { entities: [{ name, entityType, observations: [observation] }] },
  change: state.addEntity(name, entityType, observation),
});

export const addObservation = (roles: Roles, entityName: string, text: string): Step => ({
  server: roles.graph,
  tool: 'add_observations',
  arguments: { observations: [{ entityName, contents: [text] }] },
  change: state.addObservation(entityName, text),
});

export const createRelation = (roles: Roles, from: string, relationType: string, to: string): Step => ({
  server: roles.graph,
  tool: 'create_relations',
  arguments: { relations: [{ from, to, relationType }] },
  change: state.addRelation(from, relationType, to),
});

export const writePage = (projectName: string, fileName: string, content: string): Step => ({
  server: 'memory-bank',
  tool: 'memory_bank_write',
  arguments: { projectName, fileName, content },
  change: state.addPage(projectName, fileName, content),
});

export const createTask = (name: string, description: string): Step => ({
  server: 'dex-tasks',
  tool: 'create_task',
  arguments: { name, description },
  change: state.addBoardTask(name, description),
});

/** `result`: what comes of it, where a later step takes it from there. */
export const calculate = (tool: string, args: JsonObject, result?: Json): Step => ({
  server: 'calc',
  tool,
  arguments: args,
  change: state.unchanged,
  ...(result === undefined ? {} : { shows: () => result }),
});
