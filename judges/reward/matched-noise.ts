import type { RubricKind } from '../../core/rubric-kinds.ts';
import { flippedShare, flipsOf, type Flips } from '../../core/statistics/agreement/groups.ts';
import type { JudgeBackend, ScoredTrajectory } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import codeJudge from '../code/code-judge.ts';
import { ask } from '../judge-definition.ts';
import { rubricOf } from '../rubric/kinds.ts';
import { rubricReward } from '../rubric/rubric.ts';
import type { RecordedGroup } from '../stored/recorded.ts';

/** Episodes that a group-relative learner compares with each other. */
export type PlayedGroup = Pick<RecordedGroup, 'task' | 'read'>;

/**
 * Share of the advantages (reward less its group's mean) whose sign a judge turns round, in 0..1, against those of code, asked for the
 * same rubric: what a training logs as `sign_flips`, at the size of the groups. `null` where code tells no episode apart.
 */
export async function signFlips(
  groups: Iterable<PlayedGroup>,
  judge: JudgeBackend,
  kind: RubricKind,
): Promise<number | null> {
  const flips: Flips[] = [];
  for (const { task, read } of groups) flips.push(...(await groupFlips(task, read(), judge, kind)));
  return flippedShare(flips);
}

/** As above, of one group; empty where it has fewer than two episodes that both score. */
export async function groupFlips(
  task: Task,
  played: readonly ScoredTrajectory[],
  judge: JudgeBackend,
  kind: RubricKind,
): Promise<Flips[]> {
  const asked = { ...task, rubric: rubricOf(task, kind) };
  const episodes = played.filter(({ success }) => success !== null);
  const answers = await ask(judge, asked, episodes);
  const members = episodes.flatMap((episode, index) => {
    const truth = rubricReward(asked.rubric, codeJudge(asked, episode));
    const judged = rubricReward(asked.rubric, answers[index] ?? []);
    return truth === null || judged === null ? [] : [{ truth, judged }];
  });
  const flips = flipsOf({ task: task.id, members }, members.length);
  return flips ? [flips] : [];
}

/** Halvings of the range: noise is found to a thousandth of it. */
const halvings = 10;

/**
 * How much noise, from 0 to `most`, turns the share `target` of signs round, by `flipsAt`, which grows with it.
 * @throws RangeError where not even the most noise turns so many round.
 */
export async function matchedNoise(
  target: number,
  most: number,
  flipsAt: (noise: number) => Promise<number>,
): Promise<number> {
  if ((await flipsAt(most)) < target)
    throw new RangeError(
      `Noise of ${most} turns fewer signs round than ${target}: match a better judge, or give more noise.`,
    );
  let [low, high] = [0, most];
  for (let round = 0; round < halvings; round++) {
    const middle = (low + high) / 2;
    if ((await flipsAt(middle)) < target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
