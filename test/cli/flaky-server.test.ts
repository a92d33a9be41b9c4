import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Trajectory } from '../../core/trajectory.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';

const stub = fileURLToPath(new URL('../envs/stub-server.ts', import.meta.url));
const tasks = ['t1', 't2', 't3', 't4', 't5', 't6'];

/** Six tasks on a server of which the starts of these numbers fail. */
async function runFlaky(name: string, failing: readonly number[]) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'count'), '0');
  const args = [stub, JSON.stringify({ counter: join(folder, 'count'), failing })];
  const call = { server: name, tool: 'echo' };
  const file = {
    mcpServers: { [name]: { command: process.execPath, args } },
    tasks: tasks.map((id) => ({
      id,
      prompt: 'go',
      servers: [name],
      checks: [{ called: call }],
      plan: [{ ...call, arguments: {} }],
    })),
  };
  writeFileSync(join(folder, 'tasks.json'), JSON.stringify(file));
  const out = join(folder, 'run');
  const words = ['run', '--policy', 'oracle', '--tasks', join(folder, 'tasks.json'), '--concurrency', '1'];
  const finished = await toolstone(...words, '--out', out);
  const lines = readFileSync(join(out, 'trajectories.jsonl'), 'utf8').trim().split('\n');
  return { ...finished, outcomes: lines.map((line) => (JSON.parse(line) as Trajectory).outcome) };
}

describe('a server of which', () => {
  test('one start fails costs no episode', async () => {
    const { code, outcomes, stderr } = await runFlaky('flaky', [4]);
    expect(code, stderr).toBe(0);
    expect(outcomes.map(({ kind }) => kind)).toEqual(tasks.map(() => 'terminated'));
  });

  test('six starts fail in a row costs the episode that needs them, and no other', async () => {
    const { code, outcomes, stderr } = await runFlaky('flakier', [4, 5, 6, 7, 8, 9]);
    expect(code, stderr).toBe(3);
    const broken = outcomes.filter(({ kind }) => kind === 'failed');
    expect(broken).toHaveLength(1);
    expect(broken[0]).toMatchObject({
      culprit: 'world',
      message: expect.stringMatching(/Server flakier did not start/),
    });
    expect(JSON.stringify(broken)).toMatch(/last words: the stub has no database/);
    expect(outcomes.filter(({ kind }) => kind === 'terminated')).toHaveLength(5);
  });
});
