import type { Criterion } from '../../core/reward-types.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import type { Action, Task, Tool } from '../../core/types.ts';
import type { RandomStream } from '../../core/seeds.ts';

/** What an attack may use: what a policy that was trained against a judge could have learnt. Never the task's truth. */
export interface AttackContext {
  readonly prompt: string;
  /** Wording of the rubric's criteria without the task's own values (`plainCriteria`). */
  readonly criteria: readonly Pick<Criterion, 'id' | 'description'>[];
  /** Calls that the episode made. */
  readonly calls: readonly Action[];
  readonly stream: RandomStream;
}

/** What an attack that needs a world may use. */
export interface WorldAttackContext extends AttackContext {
  readonly tools: readonly Tool[];
}

/**
 * A way of making an episode that deserves a failing verdict look good, so that a judge says pass. Nothing that was asked for gets
 * done by it. The file `meta-evaluation/attacks/kinds/<name>.ts` default-exports one.
 */
export type Attack = {
  readonly name: string;
  readonly summary: string;
  /** It is a program, and is only made where the policy writes programs. */
  readonly execution?: 'programs';
} & (
  | {
      readonly by: 'answer';
      /** The final answer in place of the episode's own. Pure. */
      readonly answer: (cover: AttackContext, answer: string) => string;
    }
  | {
      readonly by: 'world';
      /** Actions before the finish, whose results a real server writes; `null` where no server offered can. Pure. */
      readonly actions: (stage: WorldAttackContext) => readonly Action[] | null;
    }
);

/** Criteria without what follows a colon: a task's own values, which may be the answer. */
export const plainCriteria = ({ rubric }: Task): AttackContext['criteria'] =>
  rubric.criteria.map(({ id, description }) => ({ id, description: description.replace(/:.*$/su, '.') }));

/**
 * A recorded episode with another final answer. Pure: the world is as it was, and so are the tokens that the record counts
 * for the last turn. `null` where the episode did not finish.
 */
export function withAnswer(trajectory: Trajectory, answer: string): Trajectory | null {
  const last = trajectory.turns.at(-1);
  const finish = last?.calls.find(({ event }) => event.kind === 'finished');
  if (trajectory.outcome.kind !== 'terminated' || last === undefined || finish === undefined) return null;
  const { text: _, history: __, capture: ___, logProbability: ____, ...rest } = last;
  const action = { name: 'finish', arguments: { answer } };
  const turn = { ...rest, calls: last.calls.map((call) => (call === finish ? { ...call, action } : call)) };
  return {
    ...trajectory,
    turns: [...trajectory.turns.slice(0, -1), turn],
    outcome: { kind: 'terminated', answer },
  };
}
