import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { finetune } from '../../finetune/drive/finetune.ts';
import { readMetrics } from '../../finetune/drive/metrics.ts';
import { runTrainer } from '../../finetune/drive/trainer.ts';
import { sftRows, type SftRow } from '../../finetune/export/sft-rows.ts';
import { temporaryFolder } from '../cli/toolstone.ts';
import { eventually, processesWith } from '../envs/processes.ts';
import { finishedEpisode } from './finished-episode.ts';
import { interpreter, pretended } from './pretended-trainer.ts';

test('a trainer whose judge is gone is stopped with the reason, and one that has ended well before is not', async () => {
  const folder = temporaryFolder();
  const out = join(folder, 'out');
  const sentence = 'The judge is gone. Make it answer again.';
  const request = {
    script: 'grpo',
    arguments: ['--out', out],
    out,
    heard: () => undefined,
    lost: () => sentence,
  } as const;
  const waiting = interpreter(folder, 'setInterval(() => {}, 1000);');
  await expect(runTrainer({ ...request, python: waiting })).rejects.toThrow(sentence);
  expect(await eventually(() => processesWith(folder).length === 0)).toBe(true);
  expect(await runTrainer({ ...request, python: interpreter(folder, 'process.exit(0)') })).toBeUndefined();
});

test('group-relative by components: the trainer is told them, and they and the excluded are in what was learnt', async () => {
  const components = [
    ['done', 0.75],
    ['tidy', 0.25],
  ] as const;
  const { options, said } = pretended('grpo', { normalise: 'component', components, reward: 'rubric' });
  await finetune(options);
  expect(said()[0]).toContain(' --components [["done",0.75],["tidy",0.25]]');
  const file = join(temporaryFolder(), 'metrics.jsonl');
  const given = { step: 1, steps: 2, seconds: 3, 'episodes/void': 1, 'episodes/unjudged': 2, 'components/done': 0.5 };
  writeFileSync(file, `${JSON.stringify(given)}\n`);
  expect(readMetrics(file)).toMatchObject([{ voidEpisodes: 1, unjudgedEpisodes: 2, components: { done: 0.5 } }]);
});

/** A run of one episode that differs from the finished one by this. */
const writeRun = (run: string, record: object): void => {
  writeFileSync(join(run, 'systems.jsonl'), '{"hash":"h","text":"Be good."}\n');
  writeFileSync(join(run, 'trajectories.jsonl'), `${JSON.stringify({ ...finishedEpisode, ...record })}\n`);
};

/** What is exported of one episode. */
const rowOf = (reward: 'rubric' | 'sparse', record: object) => {
  const run = temporaryFolder();
  writeRun(run, record);
  return sftRows({ run, reward, offered: () => [] })[0];
};

const exported = (reward: 'rubric' | 'sparse', record: object) => rowOf(reward, record)?.reward;

/** As of a task with a check that only a judge can decide. */
const open = { success: null, rewards: { sparse: null, 'state-share': null, rubric: null } };

test('what a judge rewarded is filtered by what that judge said', async () => {
  const judged = { verdicts: [], reward: 0.5 };
  expect([
    exported('rubric', { judged }),
    exported('sparse', { judged }),
    exported('rubric', { judged: { ...judged, reward: null } }),
  ]).toEqual([0.5, 1, null]);
});

test('an episode whose success is for a judge to say is exported with what that judge said; a void one is not', () => {
  const judged = { verdicts: [], reward: 0.75 };
  expect(rowOf('rubric', { ...open, judged })).toMatchObject({ verified: null, properFinish: null, reward: 0.75 });
  const outcome = { kind: 'failed', culprit: 'world', message: 'git died' };
  expect(() => rowOf('rubric', { ...open, judged: { ...judged, reward: null }, outcome })).toThrow(
    /holds no episode to export/,
  );
});

test('reward-filtered by a judge: the oracle is believed where only a judge could say more, and sampled episodes are not', async () => {
  const judged = { verdicts: [], reward: 1 };
  const { options } = pretended('rft', { rounds: 1, reward: 'rubric' });
  await finetune({
    ...options,
    record: async (request) => {
      await options.record(request);
      writeRun(request.out, request.isRewarded ? { ...open, judged } : open);
    },
  });
  const rowIn = (...path: readonly string[]) => JSON.parse(readFileSync(join(options.out, ...path), 'utf8')) as SftRow;
  expect(rowIn('oracle.jsonl')).toMatchObject({ verified: true, properFinish: true, reward: null });
  expect(rowIn('round-1', 'sampled.jsonl')).toMatchObject({ verified: null, properFinish: null, reward: 1 });
});
