import { posix } from 'node:path';
import type { Json } from '../../../core/json.ts';
import { addClasses } from './bfcl-classes.ts';
import { SkippedRecord } from './fields.ts';
import { addFile, addFolder, copyFile, exists, move, planRead, type GorillaTree } from './gorilla-tree.ts';
import type { PythonCall } from './python-literal.ts';

/** Ours: only the benchmark's own Python class knows these functions; each is said here with the file server's tools. */

interface Arguments {
  /** @throws SkippedRecord where the argument is missing or no text. */
  readonly text: (key: string) => string;
  readonly number: (key: string, other: number) => number;
  readonly has: (key: string) => boolean;
}

interface Action {
  /** Names of the function's parameters in order. */
  readonly parameters: readonly string[];
  /** Returns false where the class itself answers with an error. */
  readonly run: (tree: GorillaTree, args: Arguments, callText: string) => boolean;
}

/** Functions of the class with an exact counterpart here. */
const actions: Readonly<Record<string, Action>> = {
  pwd: { parameters: [], run: () => true },
  ls: { parameters: ['a'], run: (tree) => planRead(tree, 'list_directory', tree.current) },
  cd: {
    parameters: ['folder'],
    run: (tree, { text }) => {
      const folder = text('folder').replace(/(?<=.)\/$/, '');
      const to = folder === '/' ? '' : inside(tree, folder);
      if (!tree.folders.has(to)) return false;
      tree.current = to;
      return true;
    },
  },
  find: {
    parameters: ['path', 'name'],
    run: (tree, { text, has }) =>
      planRead(tree, 'search_files', tree.current, { pattern: has('name') ? `**/*${text('name')}*` : '**' }),
  },
  cat: {
    parameters: ['file_name'],
    run: (tree, { text }) => {
      const path = inside(tree, text('file_name'));
      return tree.files.has(path) && planRead(tree, 'read_text_file', path);
    },
  },
  tail: {
    parameters: ['file_name', 'lines'],
    run: (tree, { text, number }) => {
      const path = inside(tree, text('file_name'));
      return tree.files.has(path) && planRead(tree, 'read_text_file', path, { tail: number('lines', 10) });
    },
  },
  mkdir: {
    parameters: ['dir_name'],
    run: (tree, { text }) => {
      const path = inside(tree, text('dir_name'));
      return !exists(tree, path) && addFolder(tree, path);
    },
  },
  touch: {
    parameters: ['file_name'],
    run: (tree, { text }) => {
      const path = inside(tree, text('file_name'));
      return !exists(tree, path) && addFile(tree, path, '');
    },
  },
  echo: {
    parameters: ['content', 'file_name'],
    run: (tree, { text, has }) => {
      // Without a file it only shows the text.
      if (!has('file_name')) return true;
      const path = inside(tree, text('file_name'));
      return !tree.folders.has(path) && addFile(tree, path, text('content'));
    },
  },
  mv: {
    parameters: ['source', 'destination'],
    run: (tree, { text }) => {
      const [source, to] = ends(tree, text);
      return exists(tree, source) && !exists(tree, to) && move(tree, source, to);
    },
  },
  cp: {
    parameters: ['source', 'destination'],
    run: (tree, { text }, callText) => {
      const [source, to] = ends(tree, text);
      if (tree.folders.has(source))
        throw new SkippedRecord(
          `its gold copies a folder (${callText}), which the file server here does not`,
          addClasses,
        );
      return tree.files.has(source) && !exists(tree, to) && copyFile(tree, source, to);
    },
  },
};

/** Functions of the class that nothing here does, and why. */
const unsupported: Readonly<Record<string, string>> = {
  rm: 'the file server here removes nothing',
  rmdir: 'the file server here removes nothing',
  grep: 'the file server here does not search in a file',
  sort: 'the file server here does not sort',
  diff: 'the file server here does not compare',
  wc: 'the file server here does not count',
  du: 'the file server here does not add up sizes as the class does',
};

/**
 * Does a gold call in the tree, and says it with the file server's tools. `what` is the call's own text.
 * @throws SkippedRecord for a call without an exact counterpart, or one that fails in the class itself.
 */
export function runGorillaCall(tree: GorillaTree, call: PythonCall, callText: string): void {
  const action = Object.hasOwn(actions, call.name) ? actions[call.name] : undefined;
  if (!action) {
    const why = Object.hasOwn(unsupported, call.name)
      ? unsupported[call.name]
      : 'it is no function of GorillaFileSystem';
    throw new SkippedRecord(`its gold calls ${call.name}: ${why}`, addClasses);
  }
  if (!action.run(tree, bind(call, action.parameters, callText), callText))
    throw new SkippedRecord(`its gold call ${callText} fails in the benchmark's own class`);
}

function inside(tree: GorillaTree, name: string): string {
  const path = posix.join(tree.current, name);
  return path === '.' || path === './' ? '' : path;
}

/** Source and target: into a folder of that name, or under that name. */
function ends(tree: GorillaTree, text: Arguments['text']): readonly [string, string] {
  const [source, destination] = [inside(tree, text('source')), inside(tree, text('destination'))];
  return [source, tree.folders.has(destination) ? posix.join(destination, posix.basename(source)) : destination];
}

function bind({ positional, named }: PythonCall, parameters: readonly string[], callText: string): Arguments {
  const values = new Map<string, Json>(Object.entries(named));
  for (const [at, value] of positional.entries()) values.set(parameters[at] ?? `argument ${at + 1}`, value);
  for (const key of values.keys())
    if (!parameters.includes(key))
      throw new SkippedRecord(`wrong record: ${callText} gives "${key}", which it does not take`);
  const wrong = (key: string) => new SkippedRecord(`wrong record: ${callText} lacks a usable "${key}"`);
  return {
    has: (key) => values.has(key) && values.get(key) !== null,
    text: (key) => {
      const value = values.get(key);
      if (typeof value !== 'string') throw wrong(key);
      return value;
    },
    number: (key, other) => {
      const value = values.get(key) ?? other;
      if (typeof value !== 'number') throw wrong(key);
      return value;
    },
  };
}
