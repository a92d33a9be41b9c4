import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { completion, fakeServer } from '../models/fake-server.ts';
import { digests, temporaryFolder, toolstone } from '../cli/toolstone.ts';
import { isWhole } from '../whole.ts';

const call = (name: string, args: object) =>
  completion({ tool_calls: [{ id: '1', type: 'function', function: { name, arguments: JSON.stringify(args) } }] });
const played = ['run', '--policy', 'openai:tiny', '--suite', 'micro', '--limit', '2'] as const;
const key = 'sk-planted-key-0123456789';

test.runIf(isWhole)(
  'a strict replay of a model needs no endpoint, and a replay asks one only for what was not recorded',
  async () => {
    const folder = temporaryFolder();
    const at = (name: string) => join(folder, name);
    vi.stubEnv('OPENAI_API_KEY', key);
    let answered = 0;
    const answering = () =>
      fakeServer(({ path, body }) => {
        if (path.endsWith('/models')) return { body: { data: [{ id: 'tiny' }] } };
        const isFirst = (body as { messages: readonly { role: string }[] }).messages.every(
          ({ role }) => role !== 'tool',
        );
        // No answer is like another, so that only a recording gives the same again.
        return { body: isFirst ? call('list_servers', {}) : call('finish', { answer: `${(answered += 1)}` }) };
      });
    {
      await using server = await answering();
      vi.stubEnv('OPENAI_BASE_URL', `${server.url}/v1`);
      const recorded = await toolstone(...played, '--out', at('run'), '--wire', `record:${at('rec')}`);
      expect(recorded.code, recorded.stderr).toBe(0);
    }
    const strict = await toolstone(...played, '--out', at('strict'), '--wire', `strict:${at('rec')}`);
    expect(strict.code, strict.stderr).toBe(0);
    expect(digests(at('strict'))).toEqual(digests(at('run')));
    expect(gunzipSync(readFileSync(join(at('rec'), 'wire.jsonl.gz'))).toString()).not.toContain(key);

    await using server = await answering();
    vi.stubEnv('OPENAI_BASE_URL', `${server.url}/v1`);
    const more = await toolstone(...played, '--limit', '3', '--out', at('more'), '--wire', `replay:${at('rec')}`);
    expect(more.code, more.stderr).toBe(0);
    expect(more.stderr).toContain('Wire: the recording answered 8 of 12 requests of 3 episodes.');
    const chats = server.requests.filter(({ path }) => path.endsWith('/chat/completions'));
    expect(chats.length, 'two of the third episode, and at most a preflight').toBeLessThanOrEqual(3);
  },
  180_000,
);
