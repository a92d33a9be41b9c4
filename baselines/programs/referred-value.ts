import { isJsonObject, type Json } from '../../core/json.ts';
import type { ResultStep } from '../../core/plan.ts';
import type { Taken } from './value-code.ts';

/** What a reference takes of a result, as its code does in a program; undefined where nothing stands there. */
export function referredValue(result: Json, { at, pattern, before }: Taken): Json | undefined {
  const found = at.reduce(steppedInto, result as Json | undefined);
  const taken = (pattern === undefined ? found : lineIn(found, pattern)) ?? undefined;
  if (before === '') return taken;
  return typeof taken === 'string' ? before + taken : undefined;
}

const lineIn = (value: Json | undefined, pattern: string): string | undefined =>
  typeof value === 'string' ? new RegExp(pattern, 'm').exec(value)?.[1] : undefined;

function steppedInto(value: Json | undefined, step: ResultStep): Json | undefined {
  if (typeof step === 'string') return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  if ('split' in step) return typeof value === 'string' ? value.split(step.split) : undefined;
  if (!Array.isArray(value)) return undefined;
  if ('item' in step) return value[step.item] as Json | undefined;
  // Objects have no text of their own, and those with a key `toString` have none at all.
  return (value as readonly Json[]).every(isPlain) ? value.join(step.join) : undefined;
}

const isPlain = (value: Json): boolean => typeof value !== 'object' || value === null;
