import type { OwnJudgeDefinition, Verdict } from 'toolstone';

/** Scores the use of tools by the share of calls that worked, and says of everything else that it cannot tell. */
export default {
  usage: 'my-judge',
  open: () => ({
    name: 'my-judge',
    // A list per trajectory, in their order, with a verdict per criterion of the task's rubric, in its order.
    judge: async (task, trajectories) =>
      trajectories.map(({ turns }) => {
        const calls = turns.flatMap((turn) => turn.calls).filter(({ event }) => event.kind === 'called');
        const worked = calls.filter(({ observation }) => !observation.isError).length;
        return task.rubric.criteria.map(({ id, category }): Verdict =>
          category === 'tool-appropriateness'
            ? { criterion: id, state: 'scored', score: calls.length === 0 ? 0 : worked / calls.length }
            : { criterion: id, state: 'unscored', reason: 'it is about more than calls' },
        );
      }),
  }),
} satisfies OwnJudgeDefinition;
