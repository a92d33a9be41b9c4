import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Trajectory } from '../../core/trajectory.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';
import { isWhole } from '../whole.ts';

const stub = fileURLToPath(new URL('../envs/stub-server.ts', import.meta.url));
const tasks = ['t1', 't2', 't3', 't4', 't5', 't6'];

/** Six tasks on a server of which the starts of these numbers fail. */
const runFlaky = (name: string, failing: readonly number[]) => run(name, { failing }, ['echo']);

/** Six tasks of such calls on a stub with faults. */
async function run(name: string, faults: object, tools: readonly string[]) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'count'), '0');
  const args = [stub, JSON.stringify({ counter: join(folder, 'count'), ...faults })];
  const file = {
    mcpServers: { [name]: { command: process.execPath, args } },
    tasks: tasks.map((id) => ({
      id,
      prompt: 'go',
      servers: [name],
      checks: [{ called: { server: name, tool: 'echo' } }],
      plan: tools.map((tool) => ({ server: name, tool, arguments: {} })),
    })),
  };
  writeFileSync(join(folder, 'tasks.json'), JSON.stringify(file));
  const out = join(folder, 'run');
  const words = ['run', '--policy', 'oracle', '--tasks', join(folder, 'tasks.json'), '--concurrency', '1'];
  const finished = await toolstone(...words, '--out', out);
  const lines = readFileSync(join(out, 'trajectories.jsonl'), 'utf8').trim().split('\n');
  return {
    ...finished,
    starts: Number(readFileSync(join(folder, 'count'), 'utf8')),
    outcomes: lines.map((line) => (JSON.parse(line) as Trajectory).outcome),
  };
}

describe('a server of which', () => {
  test.runIf(isWhole)('one start fails costs no episode', async () => {
    const { code, outcomes, stderr } = await runFlaky('flaky', [4]);
    expect(code, stderr).toBe(0);
    expect(outcomes.map(({ kind }) => kind)).toEqual(tasks.map(() => 'terminated'));
  });

  test.runIf(isWhole)('six starts fail in a row costs the episode that needs them, and no other', async () => {
    const { code, outcomes, stderr } = await runFlaky('flakier', [4, 5, 6, 7, 8, 9]);
    expect(code, stderr).toBe(0);
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

describe('a server that dies', () => {
  /** For the list of its tools in either thread and at the end, and once for every episode. */
  const once = 3 + tasks.length;

  test.runIf(isWhole)('between two calls voids the episode for the world, which is not played again', async () => {
    const { code, outcomes, starts } = await run('tired', { failing: [], diesAfter: 1 }, ['echo', 'echo']);
    expect(code).toBe(3);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({
        kind: 'failed',
        culprit: 'world',
        message: expect.stringMatching(/Server tired exited with code 4\. Its last words: the stub has had enough/),
      });
    expect(starts).toBe(once);
  });

  test.runIf(isWhole)('in a call after an answered one does so too', async () => {
    const { outcomes, starts } = await run('dying', { failing: [], tools: 3 }, ['echo', 'die']);
    const message = expect.stringMatching(/^Server dying exited with code 1/) as string;
    expect(outcomes).toEqual(tasks.map(() => ({ kind: 'failed', culprit: 'world', message })));
    expect(starts).toBe(once);
  });
});
