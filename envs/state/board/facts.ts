import { boardParentFact, boardPriorityFact, boardTaskFact, type Fact } from '../../../core/facts.ts';
import type { Tree } from '../../server-definition.ts';
import { fileFacts, without } from '../files/facts.ts';
import { BOARD_FILE, DEFAULT_PRIORITY } from './files.ts';

interface BoardLine {
  readonly id: string;
  readonly parent_id: string | null;
  readonly name: string;
  readonly description: string;
  readonly priority: number;
  readonly completed: boolean;
}

/** Facts of a board; other files in the folder are stray ones. */
export function boardFacts(tree: Tree): Fact[] {
  const text = tree.get(BOARD_FILE)?.toString('utf8') ?? '';
  const tasks = text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line) as BoardLine]));
  const names = new Map(tasks.map(({ id, name }) => [id, name]));
  const stray = fileFacts(without(tree, (path) => path === BOARD_FILE));
  const facts = tasks.flatMap(({ name, description, completed, priority, parent_id: parent }) => [
    boardTaskFact(name, description, completed ? 'done' : 'open'),
    ...(priority === DEFAULT_PRIORITY ? [] : [boardPriorityFact(name, priority)]),
    ...(parent === null ? [] : [boardParentFact(name, names.get(parent) ?? parent)]),
  ]);
  return [...new Set([...stray, ...facts])].sort();
}
