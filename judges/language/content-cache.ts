import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { callArguments } from '../../core/models/model-client.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Usage } from '../../core/usage.ts';

export interface ContentCache<T> {
  readonly get: (key: JsonObject) => T | undefined;
  readonly put: (key: JsonObject, kept: T) => void;
}

/**
 * What models have answered, in a folder, one file each, named by the hash of all that the answer hangs on. Several
 * processes may share it. A file that is torn, or in which `valueIn` finds nothing, counts as absent; no clock time stands
 * in one.
 */
export function contentCache<T extends object>(
  folder: string,
  valueIn: (file: JsonObject) => T | undefined,
): ContentCache<T> {
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
      const file = callArguments(text);
      return file?.['version'] === 1 ? valueIn(file) : undefined;
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

/** What an answer has cost; `null` where the file does not say. */
export function usageIn({ usage }: JsonObject): Usage | null {
  const counts = callArguments(usage);
  if (counts === null) return null;
  return { promptTokens: countIn(counts['promptTokens']), outputTokens: countIn(counts['outputTokens']) };
}

const countIn = (value: Json | undefined) => (typeof value === 'number' ? value : null);
