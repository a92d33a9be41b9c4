import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import readRun from '../../core/record/read-run.ts';
import { temporaryFolder, toolstone } from '../cli/toolstone.ts';
import { interpreter } from './pretended-trainer.ts';
import { stubJudge } from './stub-judge.ts';

/** Plays two episodes on the server as a trainer would, and leaves a model behind; stops with the server's own words. */
const player = `
const url = valueOf('--url');
const ask = (method, path, sid, body) => fetch(url + path, {
  method,
  headers: { 'Content-Type': 'application/json', ...(sid ? { 'X-Session-ID': sid } : {}) },
  ...(body ? { body: JSON.stringify(body) } : {}),
});
const played = async (index) => {
  const [, sid] = /data: (\\S+)/.exec(await (await ask('POST', '/create_session')).text());
  const created = await ask('POST', '/create', sid, { split: 'train', index });
  if (!created.ok) throw new Error((await created.json()).detail);
  await ask('GET', '/prompt', sid);
  const text = await (await ask('POST', '/call', sid, { name: 'finish', input: {} })).text();
  return JSON.parse(text.split('\\n').filter((line) => line.startsWith('data: {')).at(-1).slice(6)).output;
};
(async () => {
  if (script.endsWith('to_gguf.py')) return fs.writeFileSync(out, 'GGUF');
  fs.mkdirSync(path.join(out, 'checkpoints'), { recursive: true });
  const ends = [await played(0), await played(1)];
  fs.writeFileSync(path.join(out, 'given.json'), JSON.stringify({ args, ends }));
  step({ step: 1, steps: 1, seconds: 1, loss: 1, reward: ends[0].reward });
  fs.mkdirSync(path.join(out, 'model'));
})().then(() => process.exit(0), (error) => { console.error(error.message); process.exit(1); });`;

test('finetune grpo by a judge: rewards and components reach the trainer; one that is gone stops it, and it is resumed', async () => {
  const folder = temporaryFolder();
  const [base, out] = [join(folder, 'base.gguf'), join(folder, 'out')];
  writeFileSync(base, 'GGUF');
  let isGone = true;
  const stub = await stubJudge(() => (isGone ? { status: 404, body: { error: 'no such route' } } : 'yes'));
  const words = `--suite smoke --limit 2 --judge ${stub.name} --unfit accept --normalise component`.split(' ');
  const python = interpreter(folder, player);
  const finetune = (...more: readonly string[]) =>
    toolstone('finetune', 'grpo', '--base', base, '--python', python, ...words, '--out', out, ...more);
  const gone = await finetune('--rubric', 'end-state');
  expect(gone.code).toBe(2);
  expect(gone.stderr).toMatch(
    /The judge that rewards the training answers no more\. .*404.*re-run the same command to resume\./,
  );

  isGone = false;
  const { code, stderr } = await finetune('--rubric', 'end-state');
  expect(code, stderr).toBe(0);
  const { args, ends } = JSON.parse(readFileSync(join(out, 'given.json'), 'utf8')) as {
    args: string[];
    ends: { reward: number; metadata: { toolstone: { reward_components: unknown[] } } }[];
  };
  expect(ends.map(({ reward }) => reward)).toEqual([1, 1]);
  expect(args).toContain('--resume');
  const parts = JSON.parse(args[args.indexOf('--components') + 1] ?? '') as [string, number][];
  const told = ends[0]?.metadata.toolstone.reward_components;
  expect(told).toEqual(parts.map(([criterion, weight]) => ({ criterion, weight, score: 1 })));
  const { manifest, episodes } = readRun(join(out, 'episodes'));
  expect(manifest.rewardJudges).toMatchObject([{ rubric: 'end-state', asked: { name: stub.name } }]);
  // Nothing of the first try is lost.
  expect(episodes.map(({ judged }) => judged?.reward)).toEqual([null, 1, 1]);

  const other = await finetune('--rubric', 'generic');
  expect({ code: other.code, stderr: other.stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(/holds another finetuning/) as string,
  });
}, 120_000);
