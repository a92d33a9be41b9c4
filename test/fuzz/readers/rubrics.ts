import { join } from 'node:path';
import { readRubrics, rubricsRecord, withRubrics } from '../../../judges/rubric/file.ts';
import { rubricReward } from '../../../judges/rubric/rubric.ts';
import { task } from '../../judges/episodes.ts';
import { atlasReply } from '../../judges/rubrics/writer-before.ts';
import type { Reader } from '../reader.ts';

const by = { name: 'ollama:tiny', build: 'sha256:abc', prompt: 'def', withSolution: false };
const atlas = Object.entries(atlasReply()).flatMap(([category, criteria]) =>
  criteria.map((one, index) => ({ id: `${category}-${index + 1}`, category, ...one })),
);
const lines = [
  { task: task.id, request: task.prompt, form: 'atlas', criteria: atlas, by },
  { task: 'hand/made/test/0001', form: 'free', criteria: task.rubric.criteria.map((one) => ({ ...one, weight: 3 })) },
  { task: 'hand/made/test/0002', form: 'atlas', by, unusable: [{ cause: 'refused', reason: 'the model declined' }] },
];

/** Rubric files, taken by tasks and turned into a reward. */
export default {
  share: 20,
  inputs: [{ 'rubrics.jsonl': { form: 'lines', text: lines.map((line) => `${JSON.stringify(line)}\n`).join('') } }],
  read: (_, folder) => {
    const set = readRubrics(join(folder, 'rubrics.jsonl'));
    rubricsRecord(set, [task.id]);
    for (const { rubric } of withRubrics([task], set)) {
      const verdicts = rubric.criteria.map(({ id }) => ({ criterion: id, state: 'scored', score: 1 }) as const);
      const reward = rubricReward(rubric, verdicts, 'weight-proportional');
      if (reward !== null && !(reward >= 0 && reward <= 1)) throw new Error(`the reward is ${reward}`);
    }
  },
} satisfies Reader;
