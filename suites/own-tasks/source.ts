import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair } from 'yaml';
import { messageOf } from '../../core/errors.ts';

/** Keys and indices from the top of a task file down to a place in it. */
export type Path = readonly (string | number)[];

/** What is wrong at a place of a task file, with what is allowed. */
export interface Problem {
  /** From 1. */
  readonly line: number;
  readonly path: Path;
  readonly what: string;
}

/** A parsed task file, its shape not yet looked at. */
export interface Source {
  readonly value: unknown;
  /** Line of a place, or of the nearest place above it that is there; of an alias the place where it is used. */
  readonly lineOf: (path: Path) => number;
  /** What keeps the file from being read at all. */
  readonly problems: readonly Problem[];
}

/** Reads the text of a `.yaml`, `.yml`, `.json` or `.jsonl` file. */
export function readSource(text: string, ending: string): Source {
  if (ending === '.jsonl') return readJsonLines(text);
  return ending === '.json' ? readJson(text) : readYaml(text);
}

/** Uses of one anchor: enough for a file of thousands of tasks. What they grow to is counted elsewhere. */
const MOST_ALIASES = 10_000;

const nowhere = (what: string, line = 1): Source => ({
  value: undefined,
  lineOf: () => line,
  problems: [{ line, path: [], what }],
});

function readYaml(text: string): Source {
  try {
    const { document, lineOf, problems } = parseText(text);
    if (problems.length > 0) return { value: undefined, lineOf, problems };
    return { value: document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown, lineOf, problems };
  } catch (error) {
    if (error instanceof RangeError) return nowhere(tooDeepToRead);
    return nowhere(`cannot be read: ${messageOf(error)}`);
  }
}

function readJson(text: string): Source {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return nowhere(`is no JSON: ${messageOf(error)}`, lineOfSyntaxError(error, text));
  }
  try {
    const { lineOf, problems } = parseText(text, ['DUPLICATE_KEY']);
    return { value, lineOf, problems };
  } catch {
    return nowhere(tooDeepToRead);
  }
}

/** One task a line; the first line may hold the file's other keys instead. */
function readJsonLines(text: string): Source {
  let header: object | undefined;
  const tasks: unknown[] = [];
  const lines: number[] = [];
  const problems: Problem[] = [];
  // a mark stands at the beginning of a line where files were put one behind the other
  for (const [index, line] of text
    .replace(/^\uFEFF/gm, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue;
    const number = index + 1;
    const { value, problems: lineProblems } = readJson(line);
    problems.push(...lineProblems.map((problem) => ({ ...problem, line: number })));
    if (lineProblems.length > 0) continue;
    const isObject = typeof value === 'object' && value !== null;
    const isFirst = header === undefined && lines.length === 0;
    if (isFirst && isObject && !('id' in value) && !('prompt' in value)) header = value;
    else {
      tasks.push(value);
      lines.push(number);
    }
  }
  const lineOf = (path: Path) => (path[0] === 'tasks' && typeof path[1] === 'number' ? (lines[path[1]] ?? 1) : 1);
  return { value: { ...header, tasks }, lineOf, problems };
}

const tooDeepToRead = 'is nested too deep to be read';

/** Where the parser speaks to programmers. */
const plainWords: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'begins another document. Put all tasks into one.',
  DUPLICATE_KEY: 'is a key that this map has already.',
};

function parseText(text: string, codes?: readonly string[]) {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
    // With keys that are no strings two of them may become one.
    stringKeys: true,
  });
  const problems = [...document.errors, ...document.warnings]
    .filter(({ code }) => codes === undefined || codes.includes(code))
    .map(({ pos, code, message }) => ({
      line: lines.linePos(pos[0]).line,
      path: [],
      what: /call stack/.test(message) ? tooDeepToRead : (plainWords[code] ?? `cannot be read: ${message}`),
    }));
  return { document, problems, lineOf: (path: Path) => lines.linePos(offsetOf(document, path)).line || 1 };
}

function offsetOf(document: Document, path: Path): number {
  let node: Node | null | undefined = document.contents;
  let offset = startOf(node) ?? 0;
  for (const key of path) {
    let below: unknown;
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find((pair) => keyOf(pair) === String(key));
      if (!pair) break;
      offset = startOf(pair.key) ?? offset;
      below = pair.value;
    } else if (isSeq(node) && typeof key === 'number' && node.items[key] !== undefined) {
      below = node.items[key];
      offset = startOf(below) ?? offset;
    } else break;
    node = below as Node | null;
  }
  return offset;
}

const startOf = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0];
const keyOf = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : String(key));

/** The engine's message names line and column, or says that the end came too soon. */
function lineOfSyntaxError(error: unknown, text: string): number {
  const lineNumber = /line (\d+) column/.exec(messageOf(error));
  if (lineNumber) return Number(lineNumber[1]);
  const at = /position (\d+)/.exec(messageOf(error));
  return text
    .slice(0, at ? Number(at[1]) : text.length)
    .trimEnd()
    .split('\n').length;
}

/* ---- places in words ---- */

/** `tasks[0].files.notes["a/b.txt"]`. */
export function pathText(path: Path): string {
  return path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `[${JSON.stringify(key)}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join('');
}
