import type { Fact } from '../../core/facts.ts';
import type { Files } from '../../core/types.ts';
import { makeWorldFolders } from '../world-folders.ts';
import type { ServerDefinition, Tree } from '../server-definition.ts';
import { boundedFacts } from './bounded-facts.ts';
import { hashTree, layTrees, readTree, treeOf } from './files/tree.ts';

/** The state from which one server starts an episode. */
export interface Fixture {
  readonly tree: Tree;
  /** SHA-256, hex. */
  readonly hash: string;
  /** `null` for a stateless server. */
  readonly facts: readonly Fact[] | null;
}

const NO_FILES: Files = {};
const pristine = new WeakMap<ServerDefinition, Tree>();
const fixtures = new WeakMap<ServerDefinition, WeakMap<Files, Fixture>>();

/** The empty state with `files` laid over it; made once per server and files object, each part at its first use. */
export function fixtureOf(definition: ServerDefinition, files: Files = NO_FILES): Fixture {
  const byFiles = fixtures.get(definition) ?? new WeakMap<Files, Fixture>();
  fixtures.set(definition, byFiles);
  let fixture = byFiles.get(files);
  if (!fixture) {
    fixture = makeFixture(definition, files);
    byFiles.set(files, fixture);
  }
  return fixture;
}

function makeFixture(definition: ServerDefinition, files: Files): Fixture {
  let tree: Tree | undefined;
  let hash: string | undefined;
  let facts: readonly Fact[] | null | undefined;
  return {
    get tree() {
      return (tree ??= treeFor(definition, files));
    },
    get hash() {
      return (hash ??= hashTree(this.tree));
    },
    get facts() {
      if (facts === undefined) {
        const stated = definition.statedFacts?.(files) ?? definition.facts?.(this.tree);
        facts = stated ? boundedFacts(stated) : null;
      }
      return facts;
    },
  };
}

function treeFor(definition: ServerDefinition, files: Files): Tree {
  const stated = (definition.compile ?? treeOf)(files);
  return definition.replacesEmpty?.(files) ? stated : layTrees(pristineTree(definition), stated);
}

function pristineTree(definition: ServerDefinition): Tree {
  let tree = pristine.get(definition);
  if (!tree) {
    tree = layTrees(preparedTree(definition), treeOf(definition.emptyFiles));
    pristine.set(definition, tree);
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
