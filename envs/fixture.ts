import type { Fact, Files } from '../core/types.ts';
import { makeWorldFolders } from './world-folders.ts';
import type { ServerDefinition, Tree } from './server-definition.ts';
import { hashTree, layTrees, readTree, treeOf } from './tree.ts';

/** The state from which one server starts an episode. */
export interface Fixture {
  readonly tree: Tree;
  /** SHA-256, hex. */
  readonly hash: string;
  /** `null` for a stateless server. */
  readonly facts: readonly Fact[] | null;
}

const NO_FILES: Files = {};
const pristine = new Map<string, Tree>();
const fixtures = new Map<string, WeakMap<Files, Fixture>>();

/** The empty state with `files` laid over it; made once per server and files object. */
export function fixtureOf(definition: ServerDefinition, files: Files = NO_FILES): Fixture {
  const known = fixtures.get(definition.name) ?? new WeakMap<Files, Fixture>();
  fixtures.set(definition.name, known);
  let fixture = known.get(files);
  if (!fixture) {
    const tree = layTrees(pristineTree(definition), (definition.compile ?? treeOf)(files));
    fixture = { tree, hash: hashTree(tree), facts: definition.facts?.(tree) ?? null };
    known.set(files, fixture);
  }
  return fixture;
}

function pristineTree(definition: ServerDefinition): Tree {
  let tree = pristine.get(definition.name);
  if (!tree) {
    tree = layTrees(preparedTree(definition), treeOf(definition.emptyFiles));
    pristine.set(definition.name, tree);
  }
  return tree;
}

function preparedTree({ prepare }: ServerDefinition): Tree {
  if (!prepare) return new Map();
  const folders = makeWorldFolders(() => undefined);
  try {
    prepare(folders.main);
    return readTree(folders.main);
  } finally {
    folders.remove();
  }
}
