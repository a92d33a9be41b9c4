import { nearest } from '../../core/near-names.ts';
import type { Ending } from './guest.ts';
import type { FaultKind } from './interpreter.ts';
import type { ProgramLimits } from './limits.ts';
import type { ProgramEnd } from './messages.ts';

/** What is known of a program as it ends. */
export interface EndFacts {
  readonly log: readonly string[];
  /** What failed and nobody waited for. */
  readonly lost: readonly string[];
  /** Calls that it made in its last moment. */
  readonly leftOver: number;
  /** Identifiers of the servers. */
  readonly opened: readonly string[];
  /** What of JavaScript it has changed, for which the sandbox is started anew. */
  readonly changed?: string;
  /** Variables that are lost with that. */
  readonly gone?: readonly string[];
}

/** A program that was not begun. */
export const unreadEnd = (why: string): ProgramEnd => ({
  hasRun: false,
  isError: true,
  log: [],
  said: `The program was not run. ${why}`,
  notes: [],
});

/** One whose sandbox is of no use any more. */
export const faultEnd = (
  kind: FaultKind | 'time',
  log: readonly string[],
  limits: ProgramLimits,
  gone: readonly string[],
): ProgramEnd => ({
  hasRun: true,
  isError: true,
  log,
  said: `The program was stopped: ${faultWords[kind](limits)}`,
  notes: [`The sandbox was started anew. Variables are as they were before this program${goneWords(gone)}.`],
});

/** Told by a program whose sandbox had to be replaced before it began: which variables of earlier ones it did not have. */
export const lostBefore = (gone: readonly string[]): string =>
  `The sandbox was started anew before this program. Variables are as they were${goneWords(gone)}.`;

const faultWords: Readonly<Record<FaultKind | 'time', (limits: ProgramLimits) => string>> = {
  fuel: () => 'it took more steps than a program may. Look for a loop without an end, or do less at once.',
  memory: ({ memoryPages }) =>
    `it needs more than the ${memoryPages / 16} MB of memory that a program has. Keep less at once.`,
  depth: () =>
    'its functions call each other, or its values are nested, too deeply. Look for a recursion without an end.',
  inside: () => 'the sandbox broke down. Write it in another way.',
  time: ({ wallMilliseconds }) =>
    `it worked for more than ${wallMilliseconds / 1000} seconds without a call. Look for a loop without an end, or do less at once.`,
};

const goneWords = (gone: readonly string[]): string =>
  gone.length === 0
    ? ''
    : `, but for ${gone.slice(0, 10).join(', ')}, lost since no JSON says what ${gone.length === 1 ? 'it was' : 'they were'}`;

/** One that came to an end of its own. */
export function endOf(ending: Ending, facts: EndFacts): ProgramEnd {
  const { log, lost, leftOver, changed, gone = [] } = facts;
  const said = saidOf(ending, facts);
  const notes = [
    ...(leftOver === 0
      ? []
      : [
          `${leftOver === 1 ? 'A call was' : `${leftOver} calls were`} not carried out, since the program ended without awaiting ${leftOver === 1 ? 'it' : 'them'}.`,
        ]),
    ...lost.slice(0, 5).map((failure) => `A call failed, and the program did not await it: ${failure}`),
    ...(changed === undefined
      ? []
      : [
          `The program changed ${changed}, which belongs to JavaScript itself. The sandbox was started anew; variables are as they were before this program${goneWords(gone)}.`,
        ]),
  ];
  const isError =
    ending.kind === 'thrown' || ending.kind === 'stuck' || ending.kind === 'no-json' || lost.length > 0 || leftOver > 0;
  return { hasRun: true, isError, log, said, notes };
}

function saidOf({ kind, text, stack }: Ending, { opened }: EndFacts): string {
  if (kind === 'value') return text;
  if (kind === 'nothing') return '';
  if (kind === 'no-json')
    return `The program ran, but what it returned is no JSON (${text}). Return what JSON can say.`;
  if (kind === 'stuck') return 'The program did not end: it awaits something that nothing will fulfil.';
  const [, line] = /program:(\d+)/.exec(stack) ?? [];
  return `The program stopped${line === undefined ? '' : ` at line ${line}`}. ${text}${cureOf(text, opened)}`;
}

const absent = new Set([
  'require',
  'process',
  'fetch',
  'setTimeout',
  'setInterval',
  'Buffer',
  'Atomics',
  'SharedArrayBuffer',
  'WebAssembly',
]);

/** Servers at most that are named where none is near: there may be hundreds. */
const mostNamed = 30;

function cureOf(text: string, servers: readonly string[]): string {
  const [, name] = /^ReferenceError: '?([^\s']+)'? is not defined/.exec(text) ?? [];
  if (name === undefined) return '';
  if (absent.has(name)) return '. A program has JavaScript itself and the servers, and nothing else.';
  const near = nearest(name, servers);
  if (near !== undefined) return `. Did you mean the server ${near}?`;
  const others = servers.length > mostNamed ? `, and ${servers.length - mostNamed} more` : '';
  return `. Servers: ${servers.slice(0, mostNamed).join(', ')}${others}.`;
}
