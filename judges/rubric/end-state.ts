import type { Criterion, Rubric } from '../../core/reward-types.ts';
import type { Task } from '../../core/types.ts';
import { describeGoal } from '../truth/goal.ts';
import { placesOf } from '../truth/outcome.ts';
import { criterion, outcomeCriteria } from './criteria.ts';

/**
 * Writes criteria about the outcome alone, from start and goal: no plan, no tool and no call is in them, so that every way to the goal is
 * as good. A goal that is an end state gives the paper's twelve in its four categories, with the weights of the plan's; checks say
 * nothing of the rest of the world, so that they give four in no form.
 */
export function endStateRubric({ initial, goal }: Pick<Task, 'initial' | 'goal'>): Rubric {
  const outcome = outcomeCriteria(describeGoal(initial, goal));
  if (goal.kind !== 'state') return { form: 'free', criteria: outcome };
  const places = placesOf(initial, goal).join(', ');
  const criteria: Criterion[] = [
    ...outcome,
    criterion('task-fulfilment', 'mostly-done', 9, 'At least half of what was asked for is in the end state.'),
    criterion(
      'tool-appropriateness',
      'places-reached',
      8,
      `Something asked for is done in each of its places: ${places}.`,
    ),
    criterion('tool-appropriateness', 'places-complete', 8, `All that was asked for is done in each place: ${places}.`),
    criterion(
      'tool-appropriateness',
      'places-kept',
      6,
      'What was asked for is done, and nothing is changed in any other place.',
    ),
    criterion(
      'tool-grounding',
      'found-right',
      6,
      'What the request does not spell out and had to be found is right in the end state and the answer.',
    ),
    criterion(
      'tool-grounding',
      'nothing-made-up',
      6,
      'What was asked for is done, and nothing else is new in the end state.',
    ),
    criterion(
      'parameter-accuracy',
      'parts-right',
      8,
      'Names, places, texts and numbers of what was asked for are right.',
    ),
    criterion(
      'parameter-accuracy',
      'names-right',
      5,
      'What was asked for is there under the right names and in the right places.',
    ),
  ];
  return { form: 'atlas', criteria };
}
