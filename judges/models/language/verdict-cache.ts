import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { callArguments } from '../../../core/models/model-client.ts';
import type { Json, JsonObject, Usage } from '../../../core/types.ts';
import { causes } from '../../../core/reward-types.ts';
import type { Outcome } from './answer.ts';

/** What was once answered. `reply` is kept for people who wonder. */
export interface Kept {
  readonly outcomes: readonly (readonly Outcome[])[];
  readonly usage: Usage;
  readonly reply: string;
}

export interface VerdictCache {
  readonly get: (key: JsonObject) => Kept | undefined;
  readonly put: (key: JsonObject, kept: Kept) => void;
}

/**
 * Verdicts in a folder, one file each, named by the hash of what they hang on: judge, build, prompt, criteria, records.
 * Several processes may share it. A file that is torn, or no longer ours, counts as absent; no clock time stands in one.
 */
export function verdictCache(folder: string): VerdictCache {
  const pathOf = (key: JsonObject) => {
    const hash = createHash('sha256').update(JSON.stringify(key)).digest('hex');
    return join(folder, hash.slice(0, 2), `${hash.slice(2)}.json`);
  };
  return {
    get: (key) => {
      let text: string;
      try {
        text = readFileSync(pathOf(key), 'utf8');
      } catch {
        return undefined; // never asked
      }
      return keptIn(text);
    },
    put: (key, kept) => {
      const path = pathOf(key);
      mkdirSync(dirname(path), { recursive: true });
      const part = `${path}.${process.pid}`;
      writeFileSync(part, `${JSON.stringify({ version: 1, key, ...kept }, null, 1)}\n`);
      renameSync(part, path);
    },
  };
}

function keptIn(text: string): Kept | undefined {
  const file = callArguments(text);
  const rows = file?.['outcomes'];
  const usage = callArguments(file?.['usage']);
  if (file?.['version'] !== 1 || usage === null || !Array.isArray(rows)) return undefined;
  const outcomes = rows.map((row: unknown) => (Array.isArray(row) ? row.map(outcomeIn) : [null]));
  if (outcomes.flat().includes(null)) return undefined;
  return {
    outcomes: outcomes as Outcome[][],
    usage: { promptTokens: countIn(usage['promptTokens']), outputTokens: countIn(usage['outputTokens']) },
    reply: typeof file['reply'] === 'string' ? file['reply'] : '',
  };
}

const countIn = (value: Json | undefined) => (typeof value === 'number' ? value : null);

function outcomeIn(source: unknown): Outcome | null {
  const { score, cause, reason } = callArguments(source) ?? {};
  if (typeof score === 'number' && score >= 0 && score <= 1) return { score };
  const known = causes.find((one) => one === cause);
  return known && typeof reason === 'string' ? { cause: known, reason } : null;
}
