import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { verdictCache } from '../../../judges/language/verdict-cache.ts';
import type { Reader } from '../reader.ts';

const key = { judge: 'ollama:tiny', criteria: ['a'], sampling: { seed: 1 } };
const kept = {
  outcomes: [[{ score: 0.5 }, { cause: 'refused', reason: 'the model declined' }]],
  usage: { promptTokens: 12, outputTokens: null },
  reply: '{"c1": "yes"}',
} as const;

const { path, text } = written();

function written() {
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-fuzz-cache-'));
  verdictCache(folder).put(key, kept);
  const [name = ''] = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((one) => one.endsWith('.json'));
  const stored = { path: name, text: readFileSync(join(folder, name), 'utf8') };
  rmSync(folder, { recursive: true });
  return stored;
}

/** What a language judge once answered: a file that is not whole counts as absent. */
export default {
  share: 8,
  inputs: [{ [path]: { form: 'json', text } }],
  read: (_, folder) => {
    const cache = verdictCache(folder);
    const found = cache.get(key);
    for (const outcome of found?.outcomes.flat() ?? []) {
      if ('score' in outcome && !(outcome.score >= 0 && outcome.score <= 1))
        throw new Error(`a score of ${outcome.score}`);
    }
    cache.put(key, kept);
    if (JSON.stringify(cache.get(key)) !== JSON.stringify(kept))
      throw new Error('a new answer does not replace what was there');
  },
} satisfies Reader;
