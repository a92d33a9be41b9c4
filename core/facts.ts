/** One canonical statement about a world's state, e.g. `["file","notes/a.txt","hello"]`. */
export type Fact = string;

/** Server name → sorted facts. Servers without state are absent. */
export type Facts = Readonly<Record<string, readonly Fact[]>>;

/**
 * Canonical statements about a world's state. Two servers that hold the same thing in other files state it in the same
 * words, so that verifiers compare sets of strings and know no server.
 */
const fact = (...parts: readonly string[]): Fact => JSON.stringify(parts);

export const folderFact = (path: string): Fact => fact('folder', path);
export const fileFact = (path: string, text: string): Fact => fact('file', path, text);
export const entityFact = (name: string, type: string): Fact => fact('entity', name, type);
export const observationFact = (entity: string, text: string): Fact => fact('observation', entity, text);
export const relationFact = (from: string, type: string, to: string): Fact => fact('relation', from, type, to);
/** A task on a board; `state` is `open` or `done`. */
export const boardTaskFact = (name: string, description: string, state: 'open' | 'done'): Fact =>
  fact('task', name, description, state);

/** A board task's priority, stated where it is not the server's default; and its parent, where it has one. */
export const boardPriorityFact = (name: string, priority: number): Fact => fact('task-priority', name, `${priority}`);
export const boardParentFact = (name: string, parent: string): Fact => fact('task-parent', name, parent);

/* Git. `repository` is the folder that holds `.git`, relative to the server's folder. */

export const branchFact = (repository: string, branch: string): Fact => fact('branch', repository, branch);
/** The branch that is checked out, or the commit subject where the head is detached. */
export const headFact = (repository: string, branch: string): Fact => fact('head', repository, branch);
export const tagFact = (repository: string, tag: string, subject: string): Fact =>
  fact('tag', repository, tag, subject);
/** A commit reachable from a branch; `occurrence` counts equal subjects from 1. */
export const commitFact = (repository: string, branch: string, subject: string, occurrence = 1): Fact =>
  fact('commit', repository, branch, subject, `${occurrence}`);
/** A path whose staged content differs from the last commit's; `removed` when it is staged for removal. */
export const stagedFact = (repository: string, path: string, state: 'changed' | 'removed'): Fact =>
  fact('staged', repository, path, state);
/** A file of the working tree that differs from what is staged; `new` where nothing is. */
export const unstagedFact = (repository: string, path: string, state: 'changed' | 'new' | 'removed'): Fact =>
  fact('unstaged', repository, path, state);
/** Anything else that a repository keeps and a task may not touch: `remote origin`, `stash`, … with its text. */
export const repositoryFact = (repository: string, what: string, text: string): Fact =>
  fact('repository', repository, what, text);

/* Spreadsheets. `workbook` is the file's path. */

export const sheetFact = (workbook: string, sheet: string): Fact => fact('sheet', workbook, sheet);
/** A cell that is not empty: its text, its number, or its formula with `=` in front; `address` like `B2`. */
export const cellFact = (workbook: string, sheet: string, address: string, text: string): Fact =>
  fact('cell', workbook, sheet, address, text);
/** Anything else that a workbook keeps and a task may not touch: a table, the style of a cell, … with its text. */
export const workbookFact = (workbook: string, what: string, text: string): Fact =>
  fact('workbook', workbook, what, text);

/* SQL. `database` is a file, relative to the server's folder. */

export const databaseFact = (database: string): Fact => fact('database', database);
/** `columns`: name and type, e.g. `price REAL`, with whatever else is declared of them. */
export const tableFact = (database: string, table: string, columns: readonly string[]): Fact =>
  fact('table', database, table, ...columns);
/** `occurrence` counts equal rows of a table from 1. */
export const rowFact = (
  database: string,
  table: string,
  values: readonly (string | number | null)[],
  occurrence = 1,
): Fact => fact('row', database, table, JSON.stringify(values), `${occurrence}`);
/** A view, trigger or index, or a table of another kind, as SQL declares it; also what cannot be read. */
export const declarationFact = (database: string, kind: string, name: string, sql: string): Fact =>
  fact('declared', database, kind, name, sql);

/**
 * What inspection number `index` gave: `state` is `ok` or `error` for a call, the exit code for a script. `structured` is
 * the JSON beside the text, where the result of a call had some.
 */
export const inspectedFact = (index: number, state: string, text: string, structured?: string): Fact =>
  fact('inspected', `${index}`, state, text, ...(structured === undefined ? [] : [structured]));

/** Every fact of a world with its server in front, so that the same fact on two servers stays two facts. */
export function flatten(facts: Facts): ReadonlySet<string> {
  let all = flattened.get(facts);
  if (!all) {
    all = new Set(Object.entries(facts).flatMap(([server, list]) => list.map((one) => `${server} ${unended(one)}`)));
    flattened.set(facts, all);
  }
  return all;
}

/** A file's text without the white space at its end: nobody is asked for it, and editors add it. */
function unended(one: Fact): Fact {
  if (!one.startsWith('["file"') || !/(?:\\[nrt]| )"\]$/.test(one)) return one;
  return JSON.stringify((JSON.parse(one) as string[]).map((part, index) => (index === 2 ? part.trimEnd() : part)));
}

/** A task's facts are compared with in each of its episodes, an episode's by verifier and judge. */
const flattened = new WeakMap<Facts, ReadonlySet<string>>();

/** What has to change, what did change rightly, and what changed that should not have: all as flattened facts. */
export function compareFacts(initial: Facts, expected: Facts, actual: Facts) {
  const [before, goal, now] = [flatten(initial), flatten(expected), flatten(actual)];
  const additions = [...goal.difference(before)];
  const removals = [...before.difference(goal)];
  const made = additions.filter((one) => now.has(one));
  const removed = removals.filter((one) => !now.has(one));
  const strayAdded = [...now.difference(before).difference(goal)];
  const strayRemoved = [...before.intersection(goal)].filter((one) => !now.has(one));
  return {
    required: additions.length + removals.length,
    right: made.length + removed.length,
    damage: strayAdded.length + strayRemoved.length,
    additions,
    removals,
    strayAdded,
    strayRemoved,
  };
}

/** A flattened fact in words, e.g. `filesystem file "notes/a.txt" "hello"`. */
export function describeFact(flattened: string): string {
  const start = flattened.indexOf(' ');
  const parts = JSON.parse(flattened.slice(start + 1)) as string[];
  return [flattened.slice(0, start), parts[0], ...parts.slice(1).map((part) => JSON.stringify(part))].join(' ');
}
