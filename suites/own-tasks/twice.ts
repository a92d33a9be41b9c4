import { messageOf, TaskFailure, WorldDamage, WorldFailure } from '../../core/errors.ts';
import type { Facts } from '../../core/facts.ts';
import { endedEpisode } from '../../core/run/ended-episode.ts';
import { boundedRecord } from '../../core/record/bounded-record.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import type { Task, World } from '../../core/types.ts';
import { score } from '../../judges/reward/rewards.ts';
import { checkPasses } from '../../judges/truth/checks.ts';

/**
 * What a verifier does beside looking, a sentence each, found in the world in which an episode has just been judged: the state is
 * read again, after its calls and scripts, and they are asked once more. The record, too, must be judged alike when it is read again.
 */
export async function twiceSentences(task: Task, trajectory: Trajectory, world: World): Promise<string[]> {
  const { goal, prompt } = task;
  const again = score(task, JSON.parse(JSON.stringify(trajectory)) as Trajectory);
  const sentences =
    JSON.stringify(again.success) === JSON.stringify(score(task, trajectory).success)
      ? []
      : ['The same record is judged otherwise when it is judged again.'];
  if (goal.kind === 'state' || goal.inspections.length === 0 || !trajectory.evidence['']) return sentences;
  try {
    const state = await world.evidence();
    const episode = endedEpisode(prompt, trajectory.turns, trajectory.outcome);
    const inspected = await world.inspect(goal.inspections, episode);
    const second = boundedRecord({ ...trajectory, evidence: { ...state, '': inspected } });
    return [
      ...sentences,
      ...changedServers(trajectory.evidence, second.evidence),
      ...otherwise(task, trajectory, second),
    ];
  } catch (error) {
    if (error instanceof TaskFailure || error instanceof WorldFailure || error instanceof WorldDamage)
      return [...sentences, `Asked a second time on the same end state, the checks break: ${messageOf(error)}`];
    throw error;
  }
}

const changedServers = (before: Facts, after: Facts): string[] =>
  Object.keys(before)
    .filter((server) => server !== '' && factsText(before[server]) !== factsText(after[server]))
    .map(
      (server) =>
        `The checks change what they look at: the state of ${server} is another after its calls and scripts than before them.`,
    );

const factsText = (facts: readonly string[] = []): string => [...facts].sort().join('\n');

function otherwise({ goal, ...task }: Task, first: Trajectory, second: Trajectory): string[] {
  if (goal.kind === 'state') return [];
  return goal.checks.flatMap((check, index) => {
    const [one, two] = [first, second].map((record) => checkPasses(check, { goal, ...task }, record));
    return one === two
      ? []
      : [
          `checks[${index}] says ${yesOrNo(one)} and, asked again on the same end state, ${yesOrNo(two)}: ${check.name}`,
        ];
  });
}

const yesOrNo = (is: boolean | undefined): string => (is ? 'yes' : 'no');
