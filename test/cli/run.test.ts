import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Estimate } from '../../core/statistics/estimate.ts';
import { start, temporaryFolder, toolstone, waitForLines } from './toolstone.ts';
import { isWhole } from '../whole.ts';

const run = (out: string, ...more: readonly string[]) =>
  ['run', '--suite', 'micro', '--limit', '12', '--out', out, ...more] as const;
const ofKnower = ['--policy', 'knower=oracle'] as const;
const ofIdler = ['--policy', 'idler=no-op'] as const;

interface Written {
  readonly rows: readonly Readonly<Record<string, string | number | Estimate>>[];
}
const table = (out: string, name: string): Written['rows'] =>
  (JSON.parse(readFileSync(join(out, 'tables', `${name}.json`), 'utf8')) as Written).rows;
const lines = (out: string) => readFileSync(join(out, 'trajectories.jsonl'), 'utf8').trimEnd().split('\n');

test.runIf(isWhole)(
  'several policies on several splits, in tables by their labels; a stopped run goes on, and a study grows',
  async () => {
    const out = join(temporaryFolder(), 'study');
    const first = await toolstone(...run(out, ...ofKnower, '--split', 'test', '--split', 'wording', '--split', 'test'));
    expect(first.code, first.stderr).toBe(0);
    const before = lines(out);
    expect(before.length, 'two splits of twelve tasks').toBe(24);

    const grown = run(
      out,
      ...ofIdler,
      ...ofKnower,
      '--policy',
      'random',
      '--split',
      'test',
      'wording',
      'held-out-server',
    );
    const stopped = start(...grown);
    await waitForLines(join(out, 'trajectories.jsonl'), 30, stopped.finished);
    stopped.child.kill('SIGINT');
    expect((await stopped.finished).code).toBe(130);
    const done = await toolstone(...grown);
    expect(done.code, done.stderr).toBe(0);

    const after = lines(out);
    expect(after.length, 'three policies, three splits, twelve tasks').toBe(108);
    expect(
      before.filter((line) => !after.includes(line)),
      'what was done is kept',
    ).toEqual([]);
    const labels = ['idler', 'knower', 'random'];
    const splits = ['test', 'wording', 'held-out-server'];
    const expected = labels.flatMap((label) => splits.map((split) => [label, split]));
    expect(table(out, 'algorithms').map((row) => [row['algorithm'], row['split']])).toEqual(expected);
    expect(table(out, 'views').map((row) => [row['policy'], row['split']])).toEqual(expected);
    const success = table(out, 'views').map((row) => (row['verifier_success'] as Estimate).value);
    expect(success).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0]);
    expect(done.stdout).toMatch(/^knower +held-out-server +1\.00 \[0\.76, 1\.00\] +12 /m);
    expect(
      Math.max(
        ...done.stdout
          .split('\n')
          .filter((line) => !/✗|Report/.test(line))
          .map(({ length }) => length),
      ),
    ).toBeLessThan(121);

    const less = await toolstone(...run(out, ...ofIdler, '--split', 'test'));
    expect(less.code).toBe(2);
    expect(less.stderr).toMatch(/holds another run .*To extend it, repeat its policies/);
    expect(lines(out)).toEqual(after);
  },
  120_000,
);
