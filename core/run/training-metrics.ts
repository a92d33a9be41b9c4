import { earned } from './reward-source.ts';
import { rewardNames } from '../reward-types.ts';
import type { Training } from '../run-types.ts';
import { flippedShare, flipsOf } from '../statistics/agreement/groups.ts';
import type { ScoredTrajectory } from '../trajectory.ts';

/** Means over an update's episodes that could be scored; truth and rewards in columns of their own. */
export function episodeMetrics(scored: readonly ScoredTrajectory[], training: Training): Record<string, number> {
  const valid = scored.filter(({ outcome }) => outcome.kind !== 'failed');
  const result: Record<string, number> = { void_episodes: scored.length - valid.length };
  const mean = (name: string, read: (one: ScoredTrajectory) => number | null) => {
    const values = valid.map(read).filter((value) => value !== null);
    if (values.length > 0) result[name] = values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  mean('turns', (one) => one.turns.length);
  mean('verified', ({ success }) => success && Number(success.verified));
  mean('proper_finish', ({ success }) => success && Number(success.properFinish));
  for (const name of rewardNames) mean(`reward_${name}`, (one) => one.rewards[name]);
  if (training.judge) {
    mean('reward_judged', (one) => earned(training, one));
    result['unjudged_episodes'] = valid.filter((one) => earned(training, one) === null).length;
    const flips = signFlips(scored, training);
    if (flips !== null) result['sign_flips'] = flips;
  }
  mean('proxy_truth_gap', (one) => {
    const reward = earned(training, one);
    return reward === null || one.success === null ? null : reward - Number(one.success.verified);
  });
  return result;
}

/**
 * Share of the advantages by what code gives, asked as the judge was, that the judge's rewards turn round, at the size of the groups
 * as they were played; `null` where code's rewards are equal within every group. Only logged: code's verdicts are not the learner's to see.
 */
function signFlips(scored: readonly ScoredTrajectory[], training: Training): number | null {
  const { groupSize } = training;
  const flips = Array.from({ length: Math.ceil(scored.length / groupSize) }, (_, group) => {
    const ofGroup = scored.slice(group * groupSize, (group + 1) * groupSize);
    const members = ofGroup.flatMap((one) => {
      const [truth, judged] = [one.judged?.byCode ?? one.rewards.rubric, earned(training, one)];
      return truth === null || judged === null ? [] : [{ truth, judged }];
    });
    return flipsOf({ task: ofGroup[0]?.key.task ?? '', members }, members.length);
  });
  return flippedShare(flips.filter((one) => one !== null));
}
