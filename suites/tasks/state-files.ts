import type { Files } from '../../core/types.ts';
import { boardFiles } from '../../envs/state/board/files.ts';
import { graphFiles } from '../../envs/state/graph/files.ts';
import { emptyState, type State } from './state.ts';
import type { Roles } from './step.ts';

/** Files by server of a state that was written before. */
export interface Written {
  readonly state: State;
  readonly files: Readonly<Record<string, Files>>;
}

/**
 * A state as the files of the servers that keep it. What is the same as in `before` is the same object, so that its facts
 * need not be read again; what is empty on both sides is left out.
 */
export function filesOf(state: State, roles: Roles, before?: Written): Record<string, Files> {
  const files: Record<string, Files> = {};
  const put = (server: string, parts: readonly (keyof State)[], write: () => Files) => {
    const isKept = before !== undefined && parts.every((part) => before.state[part] === state[part]);
    files[server] = (isKept ? before.files[server] : undefined) ?? write();
  };
  const putUnlessEmpty = (server: string, part: keyof State, write: () => Files) => {
    if (state[part] !== emptyState[part]) put(server, [part], write);
  };
  put(roles.files, ['files'], () => state.files);
  put(roles.graph, ['entities', 'relations'], () => graphFiles(roles.graph, state));
  put('memory-bank', ['pages'], () => state.pages);
  put('dex-tasks', ['board'], () => boardFiles(state.board.map(boardTask)));
  putUnlessEmpty('obsidian', 'vault', () => state.vault);
  putUnlessEmpty('ripgrep', 'archive', () => state.archive);
  putUnlessEmpty('excel', 'workbooks', () => asText(state.workbooks));
  putUnlessEmpty('sqlite', 'tables', () => asText({ 'data.db': state.tables }));
  putUnlessEmpty('git', 'history', () => asText({ repo: state.history }));
  putUnlessEmpty('fast-filesystem', 'rivalFiles', () => state.rivalFiles);
  putUnlessEmpty('knowledge-graph', 'rivalGraph', () => graphFiles('knowledge-graph', state.rivalGraph));
  return files;
}

/** What a server's `compile` reads. */
const asText = (files: Readonly<Record<string, unknown>>): Files =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [path, JSON.stringify(content)]));

/** Ids are eight letters by position. */
export const boardId = (index: number): string => `start${String.fromCodePoint(97 + index).repeat(3)}`;

const boardTask = ({ name, description, isDone = false }: State['board'][number], index: number) => ({
  id: boardId(index),
  name,
  description,
  state: isDone ? ('done' as const) : ('open' as const),
});
