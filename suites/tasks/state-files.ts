import type { Files } from '../../core/types.ts';
import { graphFiles } from '../../envs/graph-files.ts';
import { boardFiles } from './board-files.ts';
import type { State } from './state.ts';
import type { Roles } from './step.ts';

/** Files by server of a state that was written before. */
export interface Written {
  readonly state: State;
  readonly files: Readonly<Record<string, Files>>;
}

/**
 * A state as the files of the servers that keep it. What is the same as in `before` is the same object, so that its facts
 * need not be read again.
 */
export function filesOf(state: State, roles: Roles, before?: Written): Record<string, Files> {
  const files: Record<string, Files> = {};
  const put = (server: string, parts: readonly (keyof State)[], write: () => Files) => {
    const isKept = before !== undefined && parts.every((part) => before.state[part] === state[part]);
    files[server] = (isKept ? before.files[server] : undefined) ?? write();
  };
  put(roles.files, ['files'], () => state.files);
  put(roles.graph, ['entities', 'relations'], () => graphFiles(roles.graph, state));
  put('memory-bank', ['pages'], () => state.pages);
  put('dex-tasks', ['board'], () => boardFiles(state.board));
  return files;
}
