// Compares a judge of one's own with labels. Here the labels are the verifier's word; people's are as good.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calibrate, eachTrajectory, keyText, runPolicy, type JudgeBackend, type LabelLine } from 'toolstone';

/** Takes every episode that the policy ended itself for well done. */
const credulous: JudgeBackend = {
  name: 'credulous',
  build: '1',
  prompt: null,
  judge: (task, trajectories) =>
    Promise.resolve(
      trajectories.map(({ outcome }) =>
        task.rubric.criteria.map(({ id }) => ({
          criterion: id,
          state: 'scored',
          score: outcome.kind === 'terminated' ? 1 : 0,
        })),
      ),
    ),
};

const folder = mkdtempSync(join(tmpdir(), 'toolstone-example-'));
const run = await runPolicy({ policy: 'random', suite: 'micro', limit: 6, out: folder });
const labels: LabelLine[] = [];
await eachTrajectory(run, ({ key, success }) => {
  if (success === null) return;
  const label = success.verified ? 1 : 0;
  labels.push({ trajectory: keyText(key), criterion: 'exactly-done', label, rater: 'verifier', source: 'planted' });
});
const { overall } = await calibrate({ run, judge: credulous, labels });
console.log(`${overall.items} labels; accuracy ${overall.accuracy?.value.toFixed(2)}`);
