import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { messageOf, UsageError } from '../../core/errors.ts';
import { didYouMean } from '../../core/near-names.ts';

/** Settings of each stage: flags by their own names, without the hyphens before them. */
export type Recipe = ReadonlyMap<string, Readonly<Record<string, string | number | boolean>>>;

const folder = new URL('../recipes/', import.meta.url);
const ENDING = '.yaml';

/** Those that Toolstone brings, sorted. */
export const recipeNames = (): readonly string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
    .sort();

/** Reads a recipe by its name or path. Throws `UsageError` with what is wrong in it. */
export function readRecipe(named: string): Recipe {
  const names = recipeNames();
  const path = names.includes(named) ? fileURLToPath(new URL(`${named}${ENDING}`, folder)) : named;
  if (!existsSync(path))
    throw new UsageError(
      `There is no recipe ${named}.${didYouMean(named, names)} Known: ${names.join(', ')}; or give the path of a YAML file.`,
    );
  const stages = Object.entries(mapping(named, '', parsed(named, readFileSync(path, 'utf8'))));
  // which model it was written for is for those who read it
  return new Map(
    stages.filter(([name]) => name !== 'base').map(([stage, flags]) => [stage, plain(named, stage, flags)]),
  );
}

function parsed(named: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw wrong(named, `is no YAML: ${messageOf(error).split('\n')[0]}`);
  }
}

function plain(named: string, stage: string, flags: unknown): Record<string, string | number | boolean> {
  const values = Object.entries(mapping(named, `${stage}: `, flags)).map(([flag, value]) => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return [flag, value] as const;
    throw wrong(named, `${stage}: ${flag} holds no word or number`);
  });
  return Object.fromEntries(values);
}

function mapping(named: string, place: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw wrong(named, `${place}holds no names with values`);
}

const wrong = (named: string, what: string): UsageError => new UsageError(`The recipe ${named} ${what}.`);
