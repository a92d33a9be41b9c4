import { causes } from '../../core/reward-types.ts';
import { callArguments } from '../../core/models/model-client.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Usage } from '../../core/usage.ts';
import type { Outcome } from './answer.ts';
import { contentCache, usageIn, type ContentCache } from './content-cache.ts';

/** What was once answered. `reply` is kept for people who wonder. */
export interface Kept {
  readonly outcomes: readonly (readonly Outcome[])[];
  readonly usage: Usage;
  readonly reply: string;
}

export type VerdictCache = ContentCache<Kept>;

/** Verdicts by what they hang on: judge, build, prompt, criteria, records. */
export const verdictCache = (folder: string): VerdictCache => contentCache(folder, keptIn);

function keptIn(file: JsonObject): Kept | undefined {
  const rows = file['outcomes'];
  const usage = usageIn(file);
  if (usage === null || !Array.isArray(rows)) return undefined;
  const outcomes = rows.map((row: unknown) => (Array.isArray(row) ? row.map(outcomeIn) : [null]));
  if (outcomes.flat().includes(null)) return undefined;
  const { reply } = file;
  return { outcomes: outcomes as Outcome[][], usage, reply: typeof reply === 'string' ? reply : '' };
}

function outcomeIn(source: unknown): Outcome | null {
  const { score, cause, reason } = callArguments(source) ?? {};
  if (typeof score === 'number' && score >= 0 && score <= 1) return { score };
  const knownCause = causes.find((one) => one === cause);
  return knownCause && typeof reason === 'string' ? { cause: knownCause, reason } : null;
}
