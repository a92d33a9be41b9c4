import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { callsOf, type Trajectory } from '../../core/trajectory.ts';
import { completion, fakeServer } from '../models/fake-server.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';
import { isWhole } from '../whole.ts';

const finish = completion({
  tool_calls: [{ id: '1', type: 'function', function: { name: 'finish', arguments: '{}' } }],
});

const stub = fileURLToPath(new URL('../envs/stub-server.ts', import.meta.url));
const picture = Buffer.from('not a picture, but its bytes').toString('base64');
const tone = Buffer.from('a tone').toString('base64');
const parts = [
  { type: 'text', text: 'Here.' },
  { type: 'image', data: picture, mimeType: 'image/png' },
  { type: 'audio', data: tone, mimeType: 'audio/wav' },
  { type: 'image', data: picture, mimeType: 'image/../../x' },
];
const lines = 'Here.\n[image: image/png, 28 bytes]\n[audio: audio/wav, 6 bytes]\n[image: image/../../x, 28 bytes]';

function pictureTasks(folder: string, eye: string): string {
  const reply = JSON.stringify({ jsonrpc: '2.0', id: 'ID', result: { content: parts } }).replace('"ID"', 'ID');
  const args = [stub, JSON.stringify({ answers: [reply] })];
  const checks = [{ called: { server: eye, tool: 'echo' } }];
  const one = { id: 'look', prompt: `Look with ${eye}.`, servers: [eye], checks };
  const file = join(folder, 'tasks.json');
  writeFileSync(file, JSON.stringify({ mcpServers: { [eye]: { command: process.execPath, args } }, tasks: [one] }));
  return file;
}

const lookWith = (server: string) =>
  completion({
    tool_calls: [
      { name: 'load_tools', arguments: { server, tools: ['echo'] } },
      { name: 'call_tool', arguments: { server, tool: 'echo', arguments: {} } },
    ].map(({ name, arguments: args }) => ({
      id: name,
      type: 'function',
      function: { name, arguments: JSON.stringify(args) },
    })),
  });

const seeing = (eye: string, refusal?: object) =>
  fakeServer(({ path, body }) => {
    if (path.endsWith('/models')) return { body: { data: [{ id: 'tiny' }] } };
    if (refusal && JSON.stringify(body.messages).includes('image_url')) return { status: 400, body: refusal };
    return { body: body.messages.some(({ role }: { role: string }) => role === 'tool') ? finish : lookWith(eye) };
  });

test.runIf(isWhole)(
  'with images=on what comes beside a text goes to the model and, by its hash, beside the run; without, a line does',
  async () => {
    await using server = await seeing('eye');
    vi.stubEnv('OPENAI_BASE_URL', `${server.url}/v1`);
    const folder = temporaryFolder();
    const out = join(folder, 'run');
    const tasks = pictureTasks(folder, 'eye');
    const policies = ['--policy', 'openai:tiny?images=on', '--policy', 'openai:tiny'];
    const ran = await toolstone(
      'run',
      ...policies,
      '--tasks',
      tasks,
      '--no-preflight',
      '--concurrency',
      '1',
      '--out',
      out,
    );
    expect(ran.code, ran.stderr).toBe(0);
    const records = readFileSync(join(out, 'trajectories.jsonl'), 'utf8').trimEnd().split('\n');
    const results = records.map((line) => {
      const { policy, ...record } = JSON.parse(line) as Trajectory;
      return { policy, ...callsOf(record)[1]?.observation };
    });
    const sha256 = createHash('sha256').update('not a picture, but its bytes').digest('hex');
    expect(results).toMatchObject([
      { policy: 'openai:tiny?images=on', text: lines },
      { policy: 'openai:tiny', text: lines },
    ]);
    expect(results[0]?.media).toEqual([
      { kind: 'image', mimeType: 'image/png', bytes: 28, sha256 },
      { kind: 'audio', mimeType: 'audio/wav', bytes: 6, sha256: createHash('sha256').update('a tone').digest('hex') },
    ]);
    expect(results[1]?.media).toBeUndefined();
    expect(readdirSync(join(out, 'media'))).toHaveLength(2);
    expect(readFileSync(join(out, 'media', `${sha256}.png`), 'utf8')).toBe('not a picture, but its bytes');
    const sent = server.requests.flatMap(({ body }) => body?.messages.slice(2) ?? []);
    const pictured = sent.filter(({ content }) => typeof content === 'object' && content !== null);
    expect(pictured).toEqual([
      {
        role: 'user',
        content: [
          expect.objectContaining({ type: 'text' }),
          { type: 'image_url', image_url: { url: `data:image/png;base64,${picture}` } },
          { type: 'input_audio', input_audio: { data: tone, format: 'wav' } },
        ],
      },
    ]);
    expect(
      sent.filter(({ content }) => content === lines),
      'the line, each time',
    ).toHaveLength(2);
  },
  60_000,
);

test.runIf(isWhole)(
  'a model that takes no images ends a run with images=on, in a sentence',
  async () => {
    await using server = await seeing('other-eye', { error: { message: 'image input is not supported' } });
    vi.stubEnv('OPENAI_BASE_URL', `${server.url}/v1`);
    const folder = temporaryFolder();
    const words = ['--policy', 'openai:tiny?images=on', '--tasks', pictureTasks(folder, 'other-eye'), '--no-preflight'];
    const ran = await toolstone('run', ...words, '--out', join(folder, 'run'));
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(/takes no such images.*Leave out images=on/)]);
  },
  60_000,
);
