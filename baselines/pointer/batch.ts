import { RUN_PROGRAM } from '../../core/execution.ts';
import type { Json } from '../../core/json.ts';
import type { Action, EpisodeStart, Observation } from '../../core/types.ts';
import type { KnownCall } from '../programs/call-code.ts';
import { referredValue } from '../programs/referred-value.ts';
import { returnedResults, returnedValues, returningProgram } from '../programs/returning-program.ts';
import { batchQuestion, GO_ON } from './batch-question.ts';
import { chooseCall, type ChosenCall, type Choosing, type Wish } from './choose-call.ts';
import { offerOf } from './decide.ts';
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
 * yet, so that its arguments come from the prompt, from results of earlier turns, and as references from results to come. None where no
 * programs may be written.
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
  chosen: readonly [Choosing, ...Choosing[]],
  { execution = 'calls', visible }: EpisodeStart,
): Action {
  const [{ action: first }] = chosen;
  if (first.name !== 'call_tool' || execution === 'calls') return first;
  if (execution === 'both' && chosen.length === 1) return first;
  const known = chosen.map(({ action }) => action.arguments as unknown as KnownCall);
  const references = chosen.flatMap(({ call }) => call?.references ?? []).filter((one) => one !== undefined);
  return { name: RUN_PROGRAM, arguments: { code: returningProgram(known, visible, references) } };
}

/** Takes in what a decision's calls brought. */
export function rememberBatch({ memory, prompt }: Situation, { action, calls }: Batch, observation: Observation): void {
  if (action.name !== RUN_PROGRAM) return rememberAll(memory, prompt, calls, [observation]);
  const results = returnedResults(observation, calls.length);
  const values = returnedValues(observation, calls.length) ?? [];
  const brought = values.map((value, i) => (results[i]?.isError ? undefined : value));
  const made = calls.map((call) => ({ ...call, values: valuesOf(call, brought) }));
  rememberAll(memory, prompt, made, results);
}

/** What a call was made with: in place of references what they stood for, as far as that can be read. */
const valuesOf = ({ values, references }: PendingCall, brought: readonly (Json | undefined)[]): PendingCall['values'] =>
  values.map((value, i) => {
    const reference = references[i];
    if (!reference) return value;
    const result = brought[reference.from];
    return result === undefined ? undefined : referredValue(result, reference);
  });
