import { InvalidArgumentError } from '@commander-js/extra-typings';
import { resolve } from 'node:path';
import { nameIn } from '../../core/settings.ts';
import { isRubricKind, rubricKinds, type RubricName } from '../../core/rubric-kinds.ts';
import { isLearner } from '../../baselines/learner-list.ts';
import type { WireChoice, WireMode } from '../../core/wire/wire-types.ts';
import { isTaskFile } from '../../suites/tasks/suite-list.ts';

/** Reads a whole number from 1. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number of at least 1.');
  return value;
}

/** Reads a number from 0. */
export function decimal(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('Give a number of at least 0.');
  return value;
}

/** Reads a share above 0. */
export function shareOfOne(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError('Give a number above 0 and at most 1.');
  return value;
}

/** Reads names with commas between, each once. */
export function familyNames(text: string): string[] {
  return [...new Set(text.split(',').map((name) => name.trim()))];
}

/** Reads a number of episodes that an update's can be divided by. */
export function groupSize(text: string): number {
  const value = Number(text);
  if (![2, 4, 8, 16, 32].includes(value)) throw new InvalidArgumentError('Give 2, 4, 8, 16 or 32.');
  return value;
}

/** Reads a learner's name, with settings or without; those are read where learners are made. */
export function algorithmAmong(names: readonly string[]): (text: string) => string {
  return (text) => {
    if (isLearner(text)) return text;
    throw new InvalidArgumentError(
      `Known: ${names.join(', ')}, each also as NAME?setting=value&setting=value, or a module of your own by its path, ./mine.ts.`,
    );
  };
}

/** Reads a view's name, with settings or without; those are read where views are opened. */
export function viewAmong(names: readonly string[]): (text: string) => string {
  return (text) => {
    if (names.includes(nameIn(text))) return text;
    throw new InvalidArgumentError(`Allowed choices are ${names.join(', ')}.`);
  };
}

/** Reads the path of a task file. */
export function taskFile(text: string): string {
  if (isTaskFile(text)) return text;
  throw new InvalidArgumentError('Give a file that ends in .yaml, .yml, .json or .jsonl; --limit says how many tasks.');
}

/** Reads the path of a rubric file. */
export function rubricFile(text: string): string {
  if (text.endsWith('.jsonl')) return text;
  throw new InvalidArgumentError('Give a file that ends in .jsonl.');
}

/** Reads a kind of rubric, or the path of a rubric file. */
export function rubricName(text: string): RubricName {
  if (isRubricKind(text)) return text;
  if (text.endsWith('.jsonl')) return text as RubricName;
  throw new InvalidArgumentError(`Allowed choices are ${rubricKinds.join(', ')}, or a file that ends in .jsonl.`);
}

const wireModes: readonly WireMode[] = ['record', 'replay', 'strict'];

/** Reads how a run is recorded or replayed, and in which folder. */
export function wireChoice(text: string): WireChoice {
  const [, name, folder] = /^([^:]*):(.+)$/s.exec(text) ?? [];
  const mode = wireModes.find((one) => one === name);
  if (mode !== undefined && folder !== undefined) return { mode, folder: resolve(folder) };
  throw new InvalidArgumentError(`Give ${wireModes.map((one) => `${one}:FOLDER`).join(', ')}.`);
}
