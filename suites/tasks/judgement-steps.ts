import { boardId } from './state-files.ts';
import { namesIn, type State, unchanged } from './state.ts';
import { trainedRoles, type Roles, type Step } from './step.ts';
import { notePath, VAULT } from './vault-steps.ts';

/** Steps that look before they act, take things away, or name the rival of a role's server. */

export const listFolder = (roles: Roles, path: string): Step => ({
  server: roles.files,
  tool: roles.files === 'filesystem' ? 'list_directory' : 'fast_list_directory',
  arguments: { path },
  change: unchanged,
  shows: ({ files }) => {
    const names = namesIn(`${path}/`, files);
    return roles.files === 'filesystem'
      ? names.map((name) => `[FILE] ${name}`).join('\n')
      : { items: names.map((name) => ({ name })) };
  },
});

/** The done tasks of the board too. */
export const listBoard = (): Step => ({
  server: 'dex-tasks',
  tool: 'list_tasks',
  arguments: { all: true },
  change: unchanged,
});

/** For good. Only tasks of the start state, whose ids are known. */
export function deleteTask(start: State, name: string): Step {
  const index = start.board.findIndex((task) => task.name === name);
  if (index < 0) throw new RangeError(`no task ${name} to delete`);
  return {
    server: 'dex-tasks',
    tool: 'update_task',
    arguments: { id: boardId(index), delete: true },
    change: (state) => ({ ...state, board: state.board.filter((task) => task.name !== name) }),
  };
}

/** Finds the notes of one folder whose text holds the words, whatever their case. */
export const searchFolder = (folder: string, query: string): Step => ({
  server: 'obsidian',
  tool: 'search-vault',
  arguments: { vault: VAULT, query, path: folder },
  change: unchanged,
});

/** Into the server's trash, which is no part of the state. The folder stays, also where this was its last note. */
export const deleteNote = (filename: string, folder: string): Step => ({
  server: 'obsidian',
  tool: 'delete-note',
  arguments: { vault: VAULT, path: notePath(filename, folder) },
  change: (state) => {
    const { [notePath(filename, folder)]: _, ...rest } = state.vault;
    return { ...state, vault: { ...rest, [`${folder}/`]: '' } };
  },
});

const rivals: Roles = { ...trainedRoles, files: 'fast-filesystem', graph: 'knowledge-graph' };

const asRival = (state: State): State => ({ ...state, files: state.rivalFiles, ...state.rivalGraph });

/** A step on files or graph, done by the rival of the trained server, which keeps a state of its own. */
export function onRival(make: (roles: Roles) => Step): Step {
  const step = make(rivals);
  const { shows } = step;
  return {
    ...step,
    ...(shows ? { shows: (state) => shows(asRival(state)) } : {}),
    change: (state) => {
      const { files, entities, relations } = step.change(asRival(state));
      return step.server === rivals.files
        ? { ...state, rivalFiles: files }
        : { ...state, rivalGraph: { entities, relations } };
    },
  };
}
