import { RUN_PROGRAM } from '../../core/execution.ts';
import type { Action, EpisodeStart, Observation } from '../../core/types.ts';
import type { KnownCall } from '../programs/call-code.ts';
import { returnedResults, returningProgram } from '../programs/returning-program.ts';
import { batchQuestion, GO_ON } from './batch-question.ts';
import { chooseCall, offerOf, type ChosenCall, type Wish } from './decide.ts';
import { rememberAll, type PendingCall } from './memory.ts';
import type { Choose } from './network.ts';
import type { Situation } from './situation.ts';

/** Fewer than a program may make. */
export const mostCallsOfProgram = 32;

/** What a decision does, and the calls among it whose results are awaited. */
export interface Batch {
  readonly action: Action;
  readonly calls: readonly PendingCall[];
}

/**
 * The calls that go into one program behind its first. Each is chosen as if those before it had succeeded: what they bring is not there
 * yet, so that its arguments come from the prompt and from results of earlier turns. None where no programs may be written.
 *
 * `wishes`: what a teacher calls behind the first, all of which is chosen.
 */
export function chooseFurther(
  situation: Situation,
  first: ChosenCall,
  choose: Choose,
  wishes: readonly Wish[] = [],
): readonly ChosenCall[] {
  if ((situation.episode.execution ?? 'calls') === 'calls') return [];
  const offer = offerOf(situation);
  const chosen = [first];
  let ahead = situation.expecting(first.call);
  while (chosen.length < mostCallsOfProgram) {
    const wish = wishes[chosen.length - 1];
    const calls = chosen.map(({ call }) => call);
    const fits = (candidate: number) => (candidate === GO_ON) === (wish !== undefined);
    if (choose(batchQuestion(situation, ahead, offer, calls), fits) !== GO_ON) break;
    const next = chooseCall(ahead, offer.loaded, choose, wish);
    if (!next) break;
    chosen.push(next);
    ahead = ahead.expecting(next.call);
  }
  return chosen.slice(1);
}

/** The action that does this: for calls of tools a program, but for a single one where calls may be made directly. */
export function actionOf(
  actions: readonly [Action, ...Action[]],
  { execution = 'calls', visible }: EpisodeStart,
): Action {
  const [first] = actions;
  if (first.name !== 'call_tool' || execution === 'calls') return first;
  if (execution === 'both' && actions.length === 1) return first;
  const known = actions.map(({ arguments: args }) => args as unknown as KnownCall);
  return { name: RUN_PROGRAM, arguments: { code: returningProgram(known, visible) } };
}

/** Takes in what a decision's calls brought. */
export function rememberBatch({ memory, prompt }: Situation, { action, calls }: Batch, observation: Observation): void {
  const isProgram = action.name === RUN_PROGRAM;
  rememberAll(memory, prompt, calls, isProgram ? returnedResults(observation, calls.length) : [observation]);
}
