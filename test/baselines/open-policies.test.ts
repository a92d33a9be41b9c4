import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { algorithmNames } from '../../baselines/learner-list.ts';
import { policiesOf } from '../../baselines/open-policies.ts';
import type { Execution } from '../../core/execution.ts';
import { writeCheckpoint } from '../../core/record/checkpoint.ts';
import { fixedJob, trainingJob } from '../../commands/shared/jobs.ts';
import basic from '../../suites/basic.ts';
import { arms } from '../../commands/experiments/algorithms.ts';

test('each policy that does not learn carries the name by which it is chosen', async () => {
  for (const name of ['no-op', 'random', 'retrieval', 'oracle']) {
    const { evaluated, learner } = await policiesOf(fixedJob(name, 'tool', {}, [{ split: 'test', tasks: 1 }]), basic);
    expect([evaluated.name, learner]).toEqual([name, null]);
  }
});

const open = (path: string, execution: Execution) =>
  policiesOf(fixedJob(`pointer:${path}`, 'tool', {}, [], 1, execution), basic);

test('a checkpoint plays by the execution that it was trained with, and by no other', async () => {
  const trained = { algorithm: 'grpo', reward: 'rubric', view: 'tool', seed: 1, episodes: 64, rows: {} } as const;
  const saved = async (execution: Execution) => {
    const job = trainingJob({ ...trained, evaluations: [], execution });
    const state = (await policiesOf(job, basic)).learner?.save() ?? new Uint8Array();
    const path = join(mkdtempSync(join(tmpdir(), 'toolstone-open-policies-')), `${execution}.checkpoint`);
    const at = { job: job.name, policy: 'pointer', update: 0, episodes: 0, trajectories: [], learning: [] };
    writeCheckpoint(path, { ...at, ...(job.execution ? { execution: job.execution } : {}), state });
    return path;
  };
  const [calls, programs] = [await saved('calls'), await saved('programs')];
  expect((await open(calls, 'calls')).evaluated.name).toBe('pointer');
  expect((await open(programs, 'programs')).evaluated.name).toBe('pointer');
  await expect(open(calls, 'programs')).rejects.toThrow(
    `The policy of ${calls} was trained with --execution calls, and has learnt to act in no other way. ` +
      'Run it with --execution calls, or train one with --execution programs.',
  );
  await expect(open(programs, 'calls')).rejects.toThrow(
    /trained with --execution programs, .* train one with --execution calls\./,
  );
});

test.each(algorithmNames())('algorithm %s gives a learner and a greedy reading of its weights', async (algorithm) => {
  const { evaluated, learner } = await policiesOf(
    trainingJob({ algorithm, reward: 'rubric', view: 'tool', seed: 1, episodes: 64, rows: {}, evaluations: [] }),
    basic,
  );
  expect([evaluated.name, learner?.name, learner?.version()]).toEqual(['pointer', algorithm, 0]);
});

const learnerOf = async (policy: string) => {
  const given = {
    algorithm: 'grpo',
    reward: 'rubric',
    view: 'tool',
    seed: 1,
    episodes: 64,
    rows: {},
    evaluations: [],
  } as const;
  return (await policiesOf(trainingJob({ ...given, policy }), basic)).learner;
};

test('what a training takes away from the policy is gone: no priors, another network without scalars, refused settings', async () => {
  const [whole, cold, words] = [
    await learnerOf('pointer'),
    await learnerOf('pointer?priors=none'),
    await learnerOf('pointer?scalars=false'),
  ];
  expect(cold?.save()).toHaveLength(whole?.save().length ?? 0);
  expect(cold?.save()).not.toEqual(whole?.save());
  expect(words?.save().length).toBeLessThan(whole?.save().length ?? 0);
  expect(() => words?.restore(whole?.save() ?? new Uint8Array())).toThrow(/belong to another network/);
  const path = join(mkdtempSync(join(tmpdir(), 'toolstone-open-policies-')), 'words.checkpoint');
  const at = { job: 'j', policy: 'pointer?scalars=false', update: 0, episodes: 0, trajectories: [], learning: [] };
  writeCheckpoint(path, { ...at, state: words?.save() ?? new Uint8Array() });
  expect((await policiesOf(fixedJob(`pointer:${path}`, 'tool', {}, []), basic)).evaluated.name).toBe('pointer');
  const untrained = await policiesOf(fixedJob('pointer:untrained?priors=none', 'tool', {}, []), basic);
  expect(untrained).toMatchObject({ evaluated: { name: 'pointer' }, learner: null });
  await expect(learnerOf('oracle')).rejects.toThrow('Only the embedded policy can be trained: "oracle"');
  await expect(learnerOf(`pointer:${path}`)).rejects.toThrow(/begins with a policy of its own: leave out/);
  await expect(learnerOf('pointer?priors=some')).rejects.toThrow(
    '"priors=some" is no setting of "pointer": priors is one of generic, none. ' +
      'There are, with their defaults: priors=generic (or none), scalars=true, words=stems (or vectors), arguments=required (or all).',
  );
});

test.each(['nope', 'ollama', 'openai:', 'llama', 'pointer', 'pointer:nowhere'])(
  'policy "%s" is refused in a sentence',
  async (name) => {
    const job = fixedJob(name, 'tool', {}, []);
    await expect(policiesOf(job, basic)).rejects.toThrow(
      /There is no (policy|checkpoint) .*(Known: llama:FILE.gguf, no-op, |Name a )/,
    );
  },
);

test.each(['temperature=hot', 'temperature=', 'temperature=-1', 'warmth=1'])(
  'a model asked for with %s is refused by the names that there are',
  async (asked) => {
    const job = fixedJob(`llama:nowhere.gguf?temperature=1&${asked}`, 'tool', {}, []);
    await expect(policiesOf(job, basic)).rejects.toThrow(
      `"${asked}" is no setting of "llama:nowhere.gguf"${asked === 'warmth=1' ? '' : ': temperature is a number from 0'}. ` +
        'There are, with their defaults: temperature=0, topP=1, topK=40, minP=0, outputTokens=1024, contextTokens=32768, seed=0, parallel=true.',
    );
  },
);

test('the experiment about algorithms has an arm for each', () => {
  expect(new Set(arms.map((arm) => arm.split('?')[0]))).toEqual(new Set(algorithmNames()));
});
