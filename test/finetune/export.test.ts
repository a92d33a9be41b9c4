import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { array, assert, constantFrom, double, integer, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import type { Capture } from '../../core/usage.ts';
import { advantagesFor } from '../../finetune/export/groups.ts';
import { trainers, type Trainer } from '../../finetune/export/kinds.ts';
import { exportRun, type ExportOptions } from '../../finetune/export/run.ts';
import { capture, neutral, runOf, threeTurns, type Episode } from './captured-run.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- rows are read as the trainers' programs would
type Row = any;
const exported = (episodes: readonly Episode[], options: Partial<ExportOptions> & { trainer: Trainer }) => {
  const given = { kind: 'groups', reward: 'sparse', offered: () => [], ...options } as const;
  const { rows, left } = exportRun({ ...given, run: runOf(episodes) });
  return { rows: rows as Row[], left };
};

/** A group of two with opposite rewards, the first with three turns. */
const twoOf = (reward = 1): Episode[] => [
  { captures: threeTurns, reward },
  { captures: [capture([1, 2, 3], [20], [-0.6])], reward: 0 },
];

test('for Tinker each target, its log-probability and its advantage stand at the place before it', () => {
  const { rows } = exported(twoOf(), { trainer: 'tinker' });
  const { model_input: input, loss_fn_inputs: inputs } = rows[0];
  const advantage = 0.5 / Math.SQRT1_2;
  const tokens: number[] = input.chunks[0].tokens;
  const table = tokens.map((token, place) => [
    token,
    inputs.target_tokens.data[place],
    inputs.logprobs.data[place],
    inputs.advantages.data[place],
  ]);
  // prettier-ignore
  expect(table).toEqual([
    //  read, target, log-probability, advantage
    [1, 2, 0, 0],
    [2, 3, 0, 0],
    [3, 10, -0.1, expect.closeTo(advantage, 12)],
    [10, 11, -0.2, expect.closeTo(advantage, 12)],
    [11, 4, 0, 0],
    [4, 5, 0, 0],
    [5, 6, 0, 0],
    [6, 12, -0.3, expect.closeTo(advantage, 12)],
    [12, 7, 0, 0],
    [7, 13, -0.4, expect.closeTo(advantage, 12)],
    [13, 14, -0.5, expect.closeTo(advantage, 12)],
  ]);
  for (const { data, shape } of Object.values<Row>(inputs)) expect(shape).toEqual([data.length]);
  expect([inputs.target_tokens.dtype, inputs.logprobs.dtype, inputs.advantages.dtype]).toEqual([
    'int64',
    'float32',
    'float32',
  ]);
});

const firstFor = (trainer: Trainer): Row => exported(twoOf(), { trainer }).rows[0];

test('TRL, verl and prime-rl get prompt, completion, mask and log-probabilities under their own names', () => {
  const completion = [10, 11, 4, 5, 6, 12, 7, 13, 14];
  const mask = [1, 1, 0, 0, 0, 1, 0, 1, 1];
  const logs = [-0.1, -0.2, 0, 0, 0, -0.3, 0, -0.4, -0.5];
  const known = {
    episode: 'sample train hand/made/train/t 0',
    group: 'sample train hand/made/train/t',
    task: 'hand/made/train/t',
    reward: 1,
    policy_version: 3,
    temperature: 1,
  };
  expect(firstFor('trl')).toEqual({
    ...known,
    advantage: expect.closeTo(0.5 / (Math.SQRT1_2 + 1e-4), 12),
    prompt_ids: [1, 2, 3],
    completion_ids: completion,
    logprobs: logs,
    env_mask: mask,
  });
  expect(firstFor('verl')).toEqual({
    ...known,
    advantage: expect.closeTo(0.5 / (Math.SQRT1_2 + 1e-6), 12),
    prompt_ids: [1, 2, 3],
    response_ids: completion,
    response_mask: mask,
    response_logprobs: logs,
    reward_score: 1,
    num_turns: 6,
    extra_fields: { uid: known.group },
  });
  expect(firstFor('prime-rl')).toEqual({
    ...known,
    advantage: 0.5,
    prompt_ids: [1, 2, 3],
    prompt_mask: [false, false, false],
    completion_ids: completion,
    completion_mask: mask.map(Boolean),
    completion_logprobs: logs,
  });
});

// facts computed twice, by independent scripts
test.each([
  ['trl', [1, 0, 0, 0], [1.4997, -0.4999, -0.4999, -0.4999]],
  ['trl', [0.8, 0.75, 0.75, 0.7], [1.221752, 0, 0, -1.221752]],
  ['trl', [1], [0]],
  ['prime-rl', [1, 0, 0, 0], [0.75, -0.25, -0.25, -0.25]],
  ['prime-rl', [0.8, 0.75, 0.75, 0.7], [0.05, 0, 0, -0.05]],
  ['prime-rl', [1], [0]],
  ['verl', [1, 0, 0, 0], [1.499997, -0.499999, -0.499999, -0.499999]],
  ['verl', [0.8, 0.75, 0.75, 0.7], [1.224715, 0, 0, -1.224715]],
  ['verl', [0.7], [0.7]],
  ['verl', [0.5, 0.5], [0, 0]],
  ['tinker', [1, 0, 0, 0], [1.5, -0.5, -0.5, -0.5]],
  ['tinker', [0.8, 0.75, 0.75, 0.7], [1.224745, 0, 0, -1.224745]],
  ['tinker', [0.5, 0.5], null],
] as const)('%s makes of the rewards %j the advantages %j', (trainer, rewards, advantages) => {
  const made = advantagesFor(trainer, rewards);
  if (advantages === null) expect(made).toBeNull();
  else expect(made).toEqual(advantages.map((one) => expect.closeTo(one, 5) as number));
});

const ids = (least: number) => array(integer({ min: 0, max: 262_143 }), { minLength: least, maxLength: 6 });
const drawn = record({ id: integer({ min: 0, max: 999 }), log: double({ min: -30, max: 0, noNaN: true }) });
const turns = array(record({ prompt: ids(1), drawn: array(drawn, { minLength: 1, maxLength: 5 }) }), {
  minLength: 1,
  maxLength: 5,
}).map((all) =>
  all.map((one) =>
    capture(
      one.prompt,
      one.drawn.map(({ id }) => id),
      one.drawn.map(({ log }) => log + 0),
    ),
  ),
);

/** Sequence, targets and what stands beside each target, whatever the trainer calls them. */
function read(row: Row) {
  const datum = row.loss_fn_inputs;
  const targets: number[] = datum?.target_tokens.data ?? row.completion_ids ?? row.response_ids;
  return {
    whole: datum ? [...row.model_input.chunks[0].tokens, targets.at(-1)] : [...row.prompt_ids, ...targets],
    targets,
    logs: (datum?.logprobs.data ?? row.logprobs ?? row.response_logprobs ?? row.completion_logprobs) as number[],
    mask: (datum?.advantages.data ?? row.env_mask ?? row.response_mask ?? row.completion_mask) as unknown[],
  };
}

test('whatever the turns, every form holds the same sequence and trains exactly what was drawn', () => {
  assert(
    property(turns, constantFrom(...trainers), (captures, trainer) => {
      const other = { captures: [capture([9], [9], [-1])], reward: 0 };
      const { whole, targets, logs, mask } = read(exported([{ captures }, other], { trainer }).rows[0]);
      expect(whole).toEqual(captures.flatMap(({ prompt, output }) => [...prompt, ...output]));
      expect([logs.length, mask.length]).toEqual([targets.length, targets.length]);
      expect(targets.filter((_, place) => mask[place])).toEqual(captures.flatMap(({ output }) => output));
      expect(logs.filter((_, place) => mask[place])).toEqual(captures.flatMap((one) => one.logProbabilities));
      expect(logs.filter((log, place) => !mask[place] && log !== 0)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

const refusals: readonly (readonly [string, Capture | undefined, RegExp])[] = [
  ['text alone', undefined, /turn 1 holds text alone, no token ids/],
  ['greedy drawing', capture([1], [2], [-1], { ...neutral, temperature: 0 }), /turn 1 was drawn greedily/],
  ['a cut distribution', capture([1], [2], [-1], { ...neutral, topK: 40 }), /cut to top-p 1, top-k 40/],
  ['a missing log-probability', capture([1], [2, 3], [-1]), /has 1 log-probabilities for 2 tokens/],
  ['a positive log-probability', capture([1], [2], [0.1]), /has the log-probability 0\.1/],
  ['an empty reply', capture([1], [], []), /drew no token/],
  ['an empty prompt', capture([], [2], [-1]), /has no prompt ids/],
];

test.each(refusals)('%s is refused by the name of the episode', (_what, broken, sentence) => {
  const episodes = [...twoOf(), { captures: [broken] }];
  for (const trainer of trainers) {
    expect(() => exported(episodes, { trainer })).toThrow(UsageError);
    expect(() => exported(episodes, { trainer })).toThrow(sentence);
    expect(() => exported(episodes, { trainer })).toThrow(
      /1 of 3 episodes .*:\n {2}sample train hand\/made\/train\/t 2 \(llama:tiny\.gguf\): /,
    );
  }
});

test('imitation asks for ids alone, and Tinker weighs what was drawn', () => {
  const greedy = threeTurns.map((one) => ({ ...one, sampling: { ...neutral, temperature: 0 } }));
  const { rows } = exported([{ captures: greedy }], { kind: 'sft', trainer: 'tinker' });
  expect(rows[0].loss_fn_inputs.target_tokens.data).toEqual([2, 3, 10, 11, 4, 5, 6, 12, 7, 13, 14]);
  expect(rows[0].loss_fn_inputs.weights.data).toEqual([0, 0, 1, 1, 0, 0, 0, 1, 0, 1, 1]);
  expect(rows[0]).toMatchObject({ verified: true, properFinish: true, reward: 1 });
  expect(() => exported([{ captures: [undefined] }], { kind: 'sft', trainer: 'tinker' })).toThrow(/holds text alone/);
  expect(() => exported(twoOf(), { kind: 'sft', trainer: 'verl' })).toThrow(
    'no export of sft for verl. There is one for: trl, tinker.',
  );
});

test('episodes whose success is for a judge to say are compared by its rewards, and left only without one', () => {
  const episodes = [1, 0.25, null].map((judgedReward) => ({ captures: threeTurns, reward: null, judgedReward }));
  const { rows, left } = exported(episodes, { trainer: 'trl', reward: 'rubric' });
  expect(rows.map(({ reward }) => reward)).toEqual([1, 0.25]);
  expect(left).toEqual({ 'for a judge': 1 });
});

test('void and unscored episodes, and groups that tell nothing apart, are counted and leave no row', () => {
  const episodes: Episode[] = [
    ...twoOf(),
    { captures: threeTurns, isVoid: true },
    { captures: threeTurns, reward: null },
    { captures: [] },
    ...[0.5, 0.5].map((reward) => ({ captures: threeTurns, reward, task: 'u' })),
  ];
  const { rows, left } = exported(episodes, { trainer: 'tinker' });
  expect(rows.map(({ episode }) => episode.split(' ').at(-1))).toEqual(['0', '1']);
  const counted = { void: 1, 'without the reward sparse': 1, 'without a turn': 1 };
  expect(left).toEqual({ ...counted, 'in a group that tells nothing apart': 2 });
  const trl = exported(episodes, { trainer: 'trl' });
  expect(trl.left).toEqual(counted);
  expect(trl.rows.slice(2).map(({ advantage }) => advantage)).toEqual([0, 0]);
  expect(() => exported([{ captures: threeTurns, isVoid: true }], { trainer: 'trl' })).toThrow(
    /holds no episode to export/,
  );
});

test('a group of several policies, and for Tinker another temperature than 1, are refused', () => {
  const mixed = [...twoOf(), { captures: threeTurns, policyVersion: 4 }];
  expect(() => exported(mixed, { trainer: 'trl' })).toThrow(/drawn by several policies .*3 at 1, 4 at 1/);
  const warm = twoOf().map(({ captures, ...one }) => ({
    ...one,
    captures: captures.map((each) => each && { ...each, sampling: { ...neutral, temperature: 0.7 } }),
  }));
  expect(() => exported(warm, { trainer: 'tinker' })).toThrow(/drawn at temperature 0\.7/);
  expect(exported(warm, { trainer: 'prime-rl' }).rows[0].temperature).toBe(0.7);
});

test('a pair stands where two episodes part, the better reply beside the worse one', () => {
  const shared = capture([1, 2], [10, 11], [-0.1, -0.1]);
  const replies = [[20], [21, 22], [23], [20]].map((output) =>
    capture(
      [3],
      output,
      output.map(() => -0.2),
    ),
  );
  const episodes = replies.map((reply, index) => ({
    captures: [shared, reply],
    reward: [0, 1, 0.5, 0.4][index] as number,
  }));
  const { rows } = exported(episodes, { kind: 'pairs', trainer: 'trl' });
  const group = 'sample train hand/made/train/t';
  const first = {
    group,
    chosen_episode: `${group} 1`,
    rejected_episode: `${group} 0`,
    chosen_reward: 1,
    rejected_reward: 0,
  };
  expect(rows).toEqual([
    { ...first, prompt_ids: [1, 2, 10, 11, 3], chosen_ids: [21, 22], rejected_ids: [20] },
    expect.objectContaining({ chosen_reward: 0.5, rejected_reward: 0.4, chosen_ids: [23], rejected_ids: [20] }),
  ]);
  const wide = exported(episodes, { kind: 'pairs', trainer: 'trl', leastMargin: 0.5 });
  expect(wide.rows).toEqual(rows.slice(0, 1));
  // the same tokens under different rewards tell nothing
  const same = [1, 0].map((reward) => ({ captures: [shared], reward }));
  expect(exported(same, { kind: 'pairs', trainer: 'trl' })).toEqual({
    rows: [],
    left: { 'in a group that tells nothing apart': 2 },
  });
});

test('a line of a run that is no record is told with file, number and cause, as reports tell it', () => {
  const run = runOf(twoOf());
  appendFileSync(join(run, 'trajectories.jsonl'), '{"key":{}}\n');
  for (const kind of ['groups', 'pairs'] as const) {
    const work = () => exportRun({ run, kind, trainer: 'trl', reward: 'sparse', offered: () => [] });
    expect(work).toThrow(UsageError);
    expect(work).toThrow(
      /trajectories\.jsonl, line 3, is not a record.*its version is undefined, not 1 or 2\. Delete that line/,
    );
  }
});
