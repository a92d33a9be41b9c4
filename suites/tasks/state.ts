import type { Files } from '../../core/types.ts';
import type { Graph } from '../../envs/state/graph/files.ts';
import type { Database } from '../../envs/state/sql/database.ts';
import type { History } from '../../envs/state/git/history.ts';
import type { Workbook } from '../../envs/state/workbook/workbook.ts';

/** A world's content in our own words, before it is written as the files of one server or another. */
export interface State {
  /** Path → text; a path that ends in `/` is a folder. */
  readonly files: Files;
  readonly entities: Graph['entities'];
  readonly relations: Graph['relations'];
  /** `project/file` → text. */
  readonly pages: Files;
  readonly board: readonly { readonly name: string; readonly description: string; readonly isDone?: boolean }[];
  /** Markdown notes by path. */
  readonly vault: Files;
  /** Texts that can be searched and not changed. */
  readonly archive: Files;
  readonly workbooks: Readonly<Record<string, Workbook>>;
  readonly tables: Database;
  /** `null`: the small repository that every git server starts with. */
  readonly history: History | null;
  /** What the rival server of the files' or the graph's own keeps, where both are offered. */
  readonly rivalFiles: Files;
  readonly rivalGraph: Graph;
}

export const emptyState: State = {
  files: {},
  entities: [],
  relations: [],
  pages: {},
  board: [],
  vault: {},
  archive: {},
  workbooks: {},
  tables: {},
  history: null,
  rivalFiles: {},
  rivalGraph: { entities: [], relations: [] },
};

/** Names of what lies directly in a folder, in the order of their letters; `folder` ends in `/`. */
export const namesIn = (folder: string, files: Files): string[] =>
  Object.keys(files)
    .flatMap((path) =>
      path.startsWith(folder) && !path.slice(folder.length).includes('/') ? [path.slice(folder.length)] : [],
    )
    .filter((name) => name !== '')
    .sort();

/** One change of a state; pure. What a planned call does, said without its server. */
export type Change = (state: State) => State;

/** What a call that only looks does. */
export const unchanged: Change = (state) => state;

export const addFolder =
  (path: string): Change =>
  (state) => ({ ...state, files: { ...state.files, [`${path}/`]: '' } });

export const addFile =
  (path: string, text: string): Change =>
  (state) => ({ ...state, files: { ...state.files, [path]: text } });

export const moveFile =
  (source: string, destination: string): Change =>
  (state) => {
    const { [source]: text, ...rest } = state.files;
    if (text === undefined) throw new RangeError(`no file ${source} to move`);
    // The folder stays, also where this was its last file.
    const folders = source.includes('/') ? { [source.slice(0, source.lastIndexOf('/') + 1)]: '' } : {};
    return { ...state, files: { ...rest, ...folders, [destination]: text } };
  };

export const addPage =
  (project: string, file: string, text: string): Change =>
  (state) => ({ ...state, pages: { ...state.pages, [`${project}/${file}`]: text } });

export const addEntity =
  (name: string, type: string, observation: string): Change =>
  (state) => ({ ...state, entities: [...state.entities, { name, type, observations: [observation] }] });

export const addObservation =
  (name: string, text: string): Change =>
  (state) => ({
    ...state,
    entities: state.entities.map((entity) =>
      entity.name === name ? { ...entity, observations: [...entity.observations, text] } : entity,
    ),
  });

export const addRelation =
  (from: string, type: string, to: string): Change =>
  (state) => ({ ...state, relations: [...state.relations, { from, type, to }] });

export const addBoardTask =
  (name: string, description: string): Change =>
  (state) => ({ ...state, board: [...state.board, { name, description }] });
