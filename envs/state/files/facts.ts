import { fileFact, folderFact, type Fact } from '../../../core/facts.ts';
import { boundedText } from '../bounded-facts.ts';
import { parentsOf } from './tree.ts';
import type { Tree } from '../../server-definition.ts';

/** Every file with its text, and every folder. */
export function fileFacts(tree: Tree): Fact[] {
  const folders = new Set<string>();
  const facts: Fact[] = [];
  for (const [path, bytes] of tree) {
    for (const parent of parentsOf(path)) folders.add(parent);
    if (path.endsWith('/')) folders.add(path);
    else facts.push(fileFact(path, boundedText(bytes)));
  }
  for (const folder of folders) facts.push(folderFact(folder.slice(0, -1)));
  return facts.sort();
}

/** Tree without the paths below some folders or of some names. */
export function without(tree: Tree, isHidden: (path: string) => boolean): Tree {
  return new Map([...tree].filter(([path]) => !isHidden(path)));
}
