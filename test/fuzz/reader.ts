import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asyncProperty, check, type RunDetails } from 'fast-check';
import { parse, stringify } from 'yaml';
import { PolicyFailure, UsageError, WorldFailure } from '../../core/errors.ts';
import { mutated, mutation, type Form, type Mutation } from './mutate.ts';

export type { Form };
import { atWork } from './watchdog.ts';

/** A file of a valid input. */
export interface Source {
  readonly form: Form;
  readonly text: string;
  /** Left as it is: the input needs it, and it is another reader's. */
  readonly isFixed?: boolean;
}

/** A valid input: its files by path. */
export type Input = Readonly<Record<string, Source>>;

/** Something that reads what users, servers, models or earlier runs wrote. A file of `test/fuzz/readers/` default-exports one. */
export interface Reader {
  /** How many of a hundred mutations it gets: cheap readers take many. */
  readonly share: number;
  readonly inputs: readonly Input[];
  /** It looks at no file, so that none need be written. */
  readonly isInMemory?: true;
  /**
   * Reads the files of an input as far as its users do. A fault is anything thrown but a refusal; a property that is broken is
   * told by an `Error`.
   */
  readonly read: (files: ReadonlyMap<string, Buffer>, folder: string) => unknown;
  /** Refusals besides `UsageError`. */
  readonly isRefusal?: (error: unknown) => boolean;
  /** Ends what it has started, once all is read. */
  readonly close?: () => Promise<unknown>;
}

export const failures = (error: unknown): boolean => error instanceof PolicyFailure || error instanceof WorldFailure;

/** What came of a reader's mutated inputs. */
export interface Figures {
  readonly inputs: number;
  /** Read without a word. */
  readonly taken: number;
  readonly refused: number;
  readonly slowestMilliseconds: number;
}

/** No input of a few kilobytes may take longer, however busy the machine is. */
const MOST_MILLISECONDS = 20_000;

export interface FuzzOptions {
  /** A folder of the reader's own, emptied before each input. */
  readonly folder: string;
  readonly count: number;
  readonly seed: number;
  readonly mostMilliseconds?: number;
}

/**
 * Gives a reader mutated inputs. Throws an `Error` that says what was wrong, with the seed and the smallest input found.
 */
export async function fuzz(name: string, reader: Reader, options: FuzzOptions): Promise<Figures> {
  const { folder, count, seed, mostMilliseconds = MOST_MILLISECONDS } = options;
  const figures = { inputs: 0, taken: 0, refused: 0, slowestMilliseconds: 0 };
  const before = globalsNow();
  const property = asyncProperty(mutation, async (one) => {
    const files = filesOf(reader, one);
    if (!reader.isInMemory) lay(folder, files);
    const begun = performance.now();
    const end = atWork(`${name}, seed ${seed}, input ${figures.inputs + 1}`);
    let isTaken = true;
    try {
      await reader.read(files, folder);
    } catch (error) {
      isTaken = false;
      if (!(error instanceof UsageError) && reader.isRefusal?.(error) !== true) throw error;
      const fault = sentenceFault(error as Error);
      if (fault !== null) throw new Error(`a refusal ${fault}: ${(error as Error).message}`, { cause: error });
    } finally {
      end();
    }
    const milliseconds = performance.now() - begun;
    if (milliseconds > mostMilliseconds) throw new Error(`an input took ${Math.round(milliseconds)} ms`);
    if (globalsNow() !== before) throw new Error(`an input changed what all objects inherit: ${globalsNow()}`);
    figures.inputs += 1;
    figures[isTaken ? 'taken' : 'refused'] += 1;
    figures.slowestMilliseconds = Math.max(figures.slowestMilliseconds, milliseconds);
  });
  const details = await check(property, { numRuns: count, seed, interruptAfterTimeLimit: 600_000 });
  if (details.failed) throw complaint(name, reader, details, seed);
  return figures;
}

/** Own names of what all objects, lists and functions inherit. */
const globalsNow = (): string =>
  [Object.prototype, Array.prototype, Function.prototype, String.prototype]
    .map((one) => Object.getOwnPropertyNames(one).length)
    .join(' ');

/** The files of an input, one of them mutated. */
export function filesOf({ inputs }: Pick<Reader, 'inputs'>, one: Mutation): Map<string, Buffer> {
  const input = inputs[one.input % inputs.length] ?? {};
  const open = Object.keys(input).filter((path) => input[path]?.isFixed !== true);
  const chosen = open[one.file % open.length];
  return new Map(
    Object.entries(input).map(([path, { form, text }]) => [
      path,
      path === chosen ? mutated(text, form, one, { parse, stringify: yamlText }) : Buffer.from(text),
    ]),
  );
}

const yamlText = (value: unknown): string => stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });

/** Lays files into an empty folder. */
export function lay(folder: string, files: ReadonlyMap<string, Buffer>): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [path, bytes] of files) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
}

/** What keeps a refusal from being a sentence for a user. */
function sentenceFault(refusal: Error): string | null {
  const { message } = refusal;
  if (!/\p{L}{2}.*\s.*\p{L}{2}/su.test(message)) return 'is no sentence';
  // Lists of faults by FILE:LINE, and what an endpoint is quoted with, end as they may.
  if (refusal instanceof UsageError && !/[.!?…)”"\]]\s*$|:\d+: /.test(message))
    return 'does not end as a sentence does';
  if (message.length > 400_000) return `is ${message.length} characters long`;
  const slip =
    /\[object \w+\]|Cannot read propert|is not (?:a function|iterable)|Cannot convert|Maximum call stack/.exec(message);
  return slip === null ? null : `speaks to programmers (“${slip[0]}”)`;
}

function complaint(name: string, reader: Reader, details: RunDetails<[Mutation]>, seed: number): Error {
  const [one] = details.counterexample ?? [];
  const error = details.errorInstance;
  const files = one === undefined ? [] : [...filesOf(reader, one)].filter(([path]) => !isFixed(reader, one, path));
  const shown = files.map(([path, bytes]) => `--- ${path}\n${excerpt(bytes)}`).join('\n');
  return new Error(
    `Reader ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n` +
      `Again with TOOLSTONE_FUZZ_SEED=${seed} TOOLSTONE_FUZZ_READERS=${name} (found at input ${details.numRuns}), ` +
      `smallest: ${JSON.stringify(one).slice(0, 2_000)}\n${shown}`,
    { cause: error },
  );
}

const isFixed = ({ inputs }: Reader, one: Mutation, path: string): boolean =>
  inputs[one.input % inputs.length]?.[path]?.isFixed === true;

const excerpt = (bytes: Buffer): string => {
  const text = JSON.stringify(bytes.toString());
  return text.length > 1_500 ? `${text.slice(0, 1_500)}… (${bytes.length} bytes)` : text;
};
