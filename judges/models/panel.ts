import { createHash } from 'node:crypto';
import { UsageError } from '../../core/errors.ts';
import type { Verdict } from '../../core/reward-types.ts';
import { ask, type JudgeContext, type JudgeDefinition } from '../judge-definition.ts';
import type { CostedJudge } from '../language/language-judge.ts';

/**
 * `panel:JUDGE|JUDGE…`: several judges by name, one vote each, whatever votes a member itself has taken. A criterion that
 * more than half of them score gets their mean; the members' verdicts stand under `votes`, in the order of the names.
 */
export default { usage: 'panel:JUDGE|JUDGE', open: panelJudge } satisfies JudgeDefinition;

async function panelJudge(argument: string, { judgeNamed }: JudgeContext): Promise<CostedJudge> {
  const names = argument.split('|').map((name) => name.trim());
  if (names.length < 2 || names.some((name) => name === '' || name.startsWith('panel:'))) {
    throw new UsageError(
      `The panel "${argument}" needs two judges or more, e.g. "panel:ollama:qwen3:4b|ollama:gemma3:4b", no panel among them.`,
    );
  }
  const { addCosts, noCosts } = await import('../language/costs.ts');
  const { mergeVotes } = await import('../language/merge.ts');
  const members = await Promise.all(names.map(judgeNamed));
  const hash = createHash('sha256').update(JSON.stringify(members.map(({ prompt }) => prompt)));
  return {
    name: `panel:${members.map(({ name }) => name).join('|')}`,
    build: members.map(({ build }) => build).join('|'),
    prompt: members.some(({ prompt }) => prompt !== null) ? hash.digest('hex') : null,
    costs: () =>
      members.reduce(
        (sum, member) => ('costs' in member ? addCosts(sum, (member as CostedJudge).costs()) : sum),
        noCosts,
      ),
    judge: async (task, trajectories, signal) => {
      const answers = await Promise.all(members.map((member) => ask(member, task, trajectories, signal)));
      return trajectories.map((_, index) =>
        task.rubric.criteria.map(({ id }, place) =>
          mergeVotes(
            id,
            answers.flatMap((verdicts) => withoutVotes(verdicts[index]?.[place])),
          ),
        ),
      );
    },
  };
}

/** A member counts once. */
function withoutVotes(verdict: Verdict | undefined): Verdict[] {
  if (verdict === undefined) return [];
  const { votes: _, ...single } = verdict;
  return [single];
}
