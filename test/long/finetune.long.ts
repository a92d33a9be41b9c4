import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keyText, type ScoredTrajectory } from '../../core/trajectory.ts';
import { start, temporaryFolder } from '../cli/toolstone.ts';
import { eventually, processesWith } from '../envs/processes.ts';
import { drawsOf, scaled, tell } from './scale.ts';

/**
 * Stands in for Python with the trainer, which few machines have: takes its steps, leaves checkpoints, metrics and a model where
 * the real scripts do, and ends when its standard input does.
 */
const trainer = `#!${process.execPath}
const fs = require('node:fs'), path = require('node:path');
const [script, ...args] = process.argv.slice(2);
const out = args[args.indexOf('--out') + 1];
process.stdin.on('end', () => process.exit(143)).resume();
if (script.endsWith('to_gguf.py')) { fs.writeFileSync(out, 'GGUF'); process.exit(0); }
const done = path.join(out, 'checkpoints', 'done');
fs.mkdirSync(path.dirname(done), { recursive: true });
const most = 20;
let step = fs.existsSync(done) ? Number(fs.readFileSync(done, 'utf8')) : 0;
setInterval(() => {
  if (step >= most) { fs.mkdirSync(path.join(out, 'model'), { recursive: true }); process.exit(0); }
  step += 1;
  fs.appendFileSync(path.join(out, 'metrics.jsonl'), JSON.stringify({ step, steps: most, seconds: step, loss: 1 / step }) + '\\n');
  fs.writeFileSync(done + '.next', String(step));
  fs.renameSync(done + '.next', done);
}, 100);
`;

const TASKS = 48;

test('`finetune`, killed at random moments, finishes with every episode once', async () => {
  const draws = drawsOf('finetune');
  const folder = temporaryFolder();
  const [python, base, out] = ['python', 'base.gguf', 'out'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(python, trainer);
  chmodSync(python, 0o755);
  writeFileSync(base, 'GGUF');
  const most = scaled(12);
  let kills = 0;
  for (;;) {
    const { child, finished } = start(
      'finetune',
      'sft',
      '--base',
      base,
      '--python',
      python,
      '--suite',
      'micro',
      '--limit',
      String(TASKS),
      '--out',
      out,
    );
    const timer = kills < most ? setTimeout(() => child.kill('SIGKILL'), 500 + 12_000 * draws.uniform()) : undefined;
    const { code, signal, stderr } = await finished;
    clearTimeout(timer);
    if (signal !== 'SIGKILL') {
      expect(code, stderr).toBe(0);
      break;
    }
    kills += 1;
    // Whatever the killed one started ends by itself before the next one takes the folder.
    expect(await eventually(() => processesWith(python).length === 0, 20_000), 'the trainer is gone').toBe(true);
  }
  expect(existsSync(join(out, 'tuned.gguf'))).toBe(true);
  const lines = readFileSync(join(out, 'oracle', 'trajectories.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  const keys = lines.map((line) => keyText((JSON.parse(line) as ScoredTrajectory).key));
  expect([keys.length, new Set(keys).size]).toEqual([TASKS, TASKS]);
  expect(readFileSync(join(out, 'oracle.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(TASKS);
  tell(
    'finetune',
    `${kills} kills, ${keys.length} of ${TASKS} episodes, none twice, and a model (the trainer is a stand-in)`,
  );
});
