import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { completion, fakeServer } from '../models/fake-server.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';

const finish = completion({
  tool_calls: [{ id: '1', type: 'function', function: { name: 'finish', arguments: '{}' } }],
});

test('an endpoint that goes down in mid-run voids what is left, by name and with 3; up again, that is done anew', async () => {
  let isDown = true;
  let chats = 0;
  await using server = await fakeServer(({ path }) => {
    if (path.endsWith('/models')) return { body: { data: [{ id: 'tiny' }] } };
    return isDown && ++chats > 2 ? { status: 400, body: { error: 'out of memory' } } : { body: finish };
  });
  vi.stubEnv('OPENAI_BASE_URL', `${server.url}/v1`);
  const out = join(temporaryFolder(), 'run');
  const command = ['run', '--policy', 'openai:tiny', '--limit', '4', '--concurrency', '1', '--out', out] as const;
  const outcomes = () =>
    readFileSync(join(out, 'trajectories.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { outcome: { kind: string; culprit?: string } }).outcome);

  const first = await toolstone(...command);
  expect(first.code, first.stderr).toBe(3);
  expect(first.stderr).toMatch(/2 of 4 recorded episodes are void.*failed: policy 2.*answered 400: out of memory/);
  expect(outcomes().map(({ kind }) => kind)).toEqual(['terminated', 'terminated', 'failed', 'failed']);

  isDown = false;
  const second = await toolstone(...command);
  expect(second.code, second.stderr).toBe(0);
  expect(second.stderr).not.toMatch(/void/);
  expect(outcomes().map(({ kind }) => kind)).toEqual(['terminated', 'terminated', 'terminated', 'terminated']);
  expect(
    server.requests.filter(({ path }) => path.endsWith('/chat/completions')).length,
    'finished ones not asked again',
  ).toBe(6);
}, 60_000);

test('a cost ceiling that is reached is named, and a higher one goes on', async () => {
  await using server = await fakeServer(({ path }) =>
    path.endsWith('/models') ? { body: { data: [{ id: 'tiny' }] } } : { body: finish },
  );
  vi.stubEnv('OPENAI_BASE_URL', `${server.url}/v1`);
  const out = join(temporaryFolder(), 'run');
  const command = ['run', '--policy', 'openai:tiny', '--limit', '3', '--concurrency', '1', '--out', out] as const;
  const first = await toolstone(...command, '--total-tokens', '1500');
  expect([first.code, first.stderr]).toEqual([3, expect.stringMatching(/1 of 3 .*void.*cost ceiling of 1500 tokens/)]);
  expect((await toolstone(...command, '--total-tokens', '9000')).code).toBe(0);
}, 60_000);
