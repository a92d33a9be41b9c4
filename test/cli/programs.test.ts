import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCheckpoint } from '../../core/record/checkpoint.ts';
import type { Manifest } from '../../core/run-types.ts';
import { callsOf, type ScoredTrajectory } from '../../core/trajectory.ts';
import { isWhole } from '../whole.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';

interface Written {
  readonly columns: readonly { readonly key: string }[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}
const read = (path: string) => readFileSync(path, 'utf8');

const options = ['--suite', 'micro', '--policy', 'oracle', 'random', '--limit', '4', '--execution', 'programs'];
const play = (folder: string, lanes: string) => toolstone('run', ...options, '--out', folder, '--concurrency', lanes);

test(
  'a run by programs says so in manifest, records, tables and export, and gives equal bytes at any concurrency',
  { timeout: 240_000 },
  async () => {
    const [out, again] = [join(temporaryFolder(), 'programs'), join(temporaryFolder(), 'again')];
    const [first, second] = [await play(out, '1'), await play(again, '4')];
    expect([first.code, second.code], first.stderr + second.stderr).toEqual([0, 0]);
    expect(read(join(again, 'trajectories.jsonl'))).toBe(read(join(out, 'trajectories.jsonl')));

    const manifest = JSON.parse(read(join(out, 'manifest.json'))) as Manifest;
    expect(manifest.jobs.map(({ name, execution }) => [name, execution])).toEqual([
      ['oracle-tool-programs/seed-1', 'programs'],
      ['random-tool-programs/seed-1', 'programs'],
    ]);
    const lines = read(join(out, 'trajectories.jsonl')).trimEnd().split('\n');
    const trajectories = lines.map((line) => JSON.parse(line) as ScoredTrajectory);
    expect(trajectories.every(({ execution }) => execution === 'programs')).toBe(true);
    const played = trajectories.filter(({ policy }) => policy === 'oracle');
    expect(played.every(({ success }) => success?.verified)).toBe(true);
    expect(played.flatMap(callsOf).some(({ isInside }) => isInside)).toBe(true);

    const views = JSON.parse(read(join(out, 'tables', 'views.json'))) as Written;
    expect(views.rows.map(({ arm, execution }) => [arm, execution])).toEqual([
      ['oracle, tool, programs', 'programs'],
      ['random, tool, programs', 'programs'],
    ]);
    expect(views.columns.map(({ key }) => key)).toEqual(expect.arrayContaining(['execution', 'code_tokens']));

    const file = join(out, 'sft.jsonl');
    expect((await toolstone('export', out, '--out', file)).code).toBe(0);
    const rows = read(file);
    expect(rows).toContain('"name":"run_program"');
    expect(rows).not.toContain('"name":"call_tool"');
  },
);

test.runIf(isWhole)(
  'the embedded policy is trained with programs, and its checkpoint says so',
  { timeout: 240_000 },
  async () => {
    const out = join(temporaryFolder(), 'trained');
    const words = [
      '--suite',
      'micro',
      '--execution',
      'programs',
      '--episodes',
      '32',
      '--concurrency',
      '2',
      '--out',
      out,
    ];
    const { code, stderr } = await toolstone('train', ...words);
    expect(code, stderr).toBe(0);
    const { jobs } = JSON.parse(read(join(out, 'manifest.json'))) as Manifest;
    expect(jobs.map(({ name, execution }) => [name, execution])).toEqual([
      ['grpo-rubric-tool-programs/seed-1', 'programs'],
    ]);
    expect(readCheckpoint(join(out, 'checkpoints', 'grpo-rubric-tool-programs.seed-1.checkpoint')).execution).toBe(
      'programs',
    );
    expect(read(join(out, 'learning.jsonl'))).toContain('"entropy_batch"');
  },
);
