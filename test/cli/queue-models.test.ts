/** Models, and recordings, by a queue; skipped where `redis-server` is not installed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { said } from '../queue/queued-run.ts';
import { completion, fakeServer, type FakeAnswer, type FakeRequest } from '../models/fake-server.ts';
import { hasRedis, startRedis } from '../queue/real-redis.ts';
import { isWhole } from '../whole.ts';
import { digests, startIn, temporaryFolder } from './toolstone.ts';

const played = ['run', '--policy', 'openai:tiny', 'oracle', '--suite', 'micro', '--limit', '5'] as const;
/** Of a command that hands work out, and of whoever plays, whose endpoint says it back. */
const keys = { coordinator: 'sk-planted-key-of-the-coordinator', player: 'sk-planted-key-of-the-players' } as const;

const call = (name: string, args: object): FakeAnswer => ({
  body: completion({
    tool_calls: [{ id: '1', type: 'function', function: { name, arguments: JSON.stringify(args) } }],
  }),
});

/** A model that lists the servers and finishes; its last answer depends on what it was asked and on `more`. */
const answer =
  (more: (request: FakeRequest) => string) =>
  (request: FakeRequest): FakeAnswer => {
    if (request.path.endsWith('/models')) return { body: { data: [{ id: 'tiny' }] } };
    const { messages } = request.body as { readonly messages: readonly { readonly role: string }[] };
    if (messages.every(({ role }) => role !== 'tool')) return call('list_servers', {});
    return call('finish', { answer: `${JSON.stringify(messages).length} characters${more(request)}` });
  };

const at = (url: string, key: string) => ({ ...process.env, OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: key });

/** Plays it here, or by a queue with two workers. */
async function play(url: string, isQueued: boolean, ...more: readonly string[]): Promise<void> {
  const redis = isQueued ? await startRedis() : undefined;
  const by = redis ? ['--queue', redis.address, '--batch', '2'] : [];
  const run = startIn(at(url, redis ? keys.coordinator : keys.player), ...played, ...more, ...by);
  onTestFinished(() => void run.child.kill('SIGKILL'));
  if (redis) {
    await said(run.child, 'Workers play this run');
    const workers = [0, 1].map(() => startIn(at(url, keys.player), 'worker', redis.address, '--once'));
    for (const { child } of workers) onTestFinished(() => void child.kill('SIGKILL'));
    const ended = await Promise.all(workers.map(({ finished }) => finished));
    expect(
      ended.map(({ code }) => code),
      ended.map(({ stderr }) => stderr).join(''),
    ).toEqual([0, 0]);
  }
  const { code, stderr } = await run.finished;
  expect(code, stderr).toBe(0);
}

test.runIf(hasRedis && isWhole)(
  'a model that two workers ask has the same records as one that threads ask, and what was recorded of it replays strictly',
  async () => {
    const folder = temporaryFolder();
    const place = (name: string): string => join(folder, name);
    {
      await using model = await fakeServer(answer(() => ''));
      await play(model.url, false, '--out', place('threads'));
      await play(model.url, true, '--out', place('queued'));
      await play(model.url, true, '--out', place('recorded'), '--wire', `record:${place('recording')}`);
    }
    await play('http://127.0.0.1:9', false, '--out', place('strict'), '--wire', `strict:${place('recording')}`);
    const [threads, ...others] = ['threads', 'queued', 'recorded', 'strict'].map((name) => digests(place(name)));
    expect(others).toEqual([threads, threads, threads]);
  },
  10 * 60_000,
);

test.runIf(hasRedis && isWhole)(
  'a recording made by a queue has the bytes of one made by threads, without the keys of coordinator and workers',
  async () => {
    const folder = temporaryFolder();
    const place = (name: string): string => join(folder, name);
    // It says the key back, as some endpoints do in their errors.
    await using model = await fakeServer(answer(({ headers }) => ` for ${headers.authorization}`));
    await play(model.url, false, '--out', place('threads'), '--wire', `record:${place('by-threads')}`);
    await play(model.url, true, '--out', place('queued'), '--wire', `record:${place('by-queue')}`);
    expect(digests(place('queued'))).toEqual(digests(place('threads')));
    const recordings = ['by-threads', 'by-queue'].map((name) => readFileSync(join(place(name), 'wire.jsonl.gz')));
    const [byThreads, byQueue] = recordings.map((bytes) => gunzipSync(bytes).toString().split('\n'));
    expect(byQueue).toEqual(byThreads);
    expect(recordings[1]).toEqual(recordings[0]);
    expect(byQueue?.filter((line) => line.includes('[secret OPENAI_API_KEY]')).length).toBe(5);
    expect(byQueue?.filter((line) => line.includes('planted'))).toEqual([]);
  },
  10 * 60_000,
);
