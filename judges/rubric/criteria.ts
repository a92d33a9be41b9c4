import type { Criterion, Rubric } from '../../core/reward-types.ts';
import type { PlannedCall } from '../../core/plan.ts';

/**
 * Writes a task's rubric in the paper's form from its plan: a dense form of imitating that plan, in words. Weights follow the shares of the paper's one example (task
 * fulfilment .49, tool appropriateness .24, grounding .14, accuracy .13).
 *
 * The dense part (loading, calling, values, changes) pays from the first right act. What keeps a policy tidy (damage,
 * economy, finish) is gated by progress in the checks, so that doing nothing earns 0, and light, so that the dense part
 * shows. `changes` are the end state's changes in words.
 */
export function planRubric(plan: readonly PlannedCall[], changes: readonly string[]): Rubric {
  const calls = plan.map(({ server, tool }) => `${server}.${tool}`);
  const tools = [...new Set(calls)].join(', ');
  const values = plan.map((call) => `${call.server}.${call.tool} ${JSON.stringify(call.arguments)}`).join('; ');
  const [changesMade, ...rest] = outcomeCriteria(changes);
  const criteria: Criterion[] = [
    changesMade as Criterion,
    criterion(
      'task-fulfilment',
      'steps-done',
      9,
      `The work of each step is done, by this call or an equal one: ${calls.join(', then ')}.`,
    ),
    ...rest,
    appropriateness('tools-loaded', 8, `The schemas of the tools that the task needs are loaded: ${tools}.`),
    appropriateness('tools-called', 8, `The tools that the task needs are called: ${tools}.`),
    appropriateness('loads-needed', 6, 'No schema is loaded twice, and none that is not needed.'),
    grounding('calls-work', 6, 'Calls name loaded tools, fit their schemas, and are answered without an error.'),
    grounding('turns-needed', 6, `No needless turns: about ${plan.length} calls, their loads and one finish.`),
    accuracy('values-right', 8, `Argument values are right: ${values}.`),
    accuracy('calls-exact', 5, 'Every planned call is made with all of its argument values right, and works.'),
  ];
  return { form: 'atlas', criteria };
}

/** What an end state says of itself, whatever led to it. `changes` as above. */
export const outcomeCriteria = (changes: readonly string[]): Criterion[] => [
  fulfilment('changes-made', 10, `The end state holds what was asked for: ${changes.join('; ')}.`),
  fulfilment('nothing-else', 8, 'Whatever was asked for is done without other changes to the world.'),
  fulfilment('exactly-done', 9, 'The end state is the one asked for, no change missing and none too many.'),
  fulfilment('finished-when-done', 10, 'The policy ends the episode itself once everything asked for is done.'),
];

/**
 * The generic arm of the paper: one holistic score of the whole trajectory, the same words for every task. A judge that reads
 * follows them; code gives the share of the goal that is reached, in whole points of ten.
 */
export const genericRubric: Rubric = {
  form: 'generic',
  criteria: [
    {
      id: 'whole',
      category: 'task-fulfilment',
      description:
        'The trajectory as a whole: the task is done completely and nothing else is changed, the tools fit the task, what ' +
        'is done and said rests on what tools returned, and the arguments of calls are right.',
      weight: 10,
    },
  ],
};

export const criterion = (category: Criterion['category'], id: string, weight: number, description: string) => ({
  id,
  category,
  description,
  weight,
});
const make = (category: Criterion['category']) => (id: string, weight: number, description: string) =>
  criterion(category, id, weight, description);
const fulfilment = make('task-fulfilment');
const appropriateness = make('tool-appropriateness');
const grounding = make('tool-grounding');
const accuracy = make('parameter-accuracy');
