import type { ReadTrajectory } from './record.ts';
import { quotesIn } from './mentions.ts';
import { damped, flag, share } from './matching.ts';

/** What a trajectory looks like beside its prompt, whatever is asked of it, in numbers of 0..1 and in a fixed order. */
export function reading(read: ReadTrajectory): Record<string, number> {
  const { calls, loads, answer, prompt } = read;
  const working = calls.filter(({ isWorking }) => isWorking);
  const changes = working.filter(({ isLookup }) => !isLookup);
  const texts = calls.map(({ key, leaves }) => `${key} ${leaves.join('\n')}`);
  const failedLast = calls.at(-1)?.isWorking === false;
  const failures = calls.filter(({ isWorking }) => !isWorking);
  const repaired = failures.filter(({ turn, key }) => working.some((one) => one.turn > turn && one.key === key));
  const quotes = quotesIn(prompt);
  const given = working.flatMap((call) => call.texts);
  const quotesGiven = quotes.filter((quote) => given.some((text) => text.includes(quote))).length;
  const isKnown = (text: string, turn: number) =>
    prompt.includes(text) || working.some((call) => call.turn < turn && call.result.includes(text));
  const grounds = (text: string, turn: number) => {
    const parts = text.split(/\n|(?<=\w)\/(?=\w)/).filter((part) => part.length > 1);
    return share(parts.filter((part) => isKnown(part, turn)).length, parts.length);
  };
  const grounded = changes.flatMap((call) => call.texts.map((text) => grounds(text, call.turn)));
  return {
    one: 1,
    finished: flag(answer !== null),
    left: flag(read.hasLeft),
    'an answer': flag(answer !== null && answer !== ''),
    'the answer was seen': flag(answer !== null && answer !== '' && grounds(answer, Infinity) === 1),
    'the prompt asks': flag(/\b(?:answer|tell|report|reply|say|state|give)\b|\?$/i.test(prompt)),
    turns: damped(read.turns / 4),
    calls: damped(calls.length),
    'no call': flag(calls.length === 0),
    'no working call': flag(working.length === 0),
    'no change': flag(changes.length === 0),
    failures: damped(failures.length),
    'a failure': flag(failures.length > 0),
    'a failure of an accepted call': flag(failures.some(({ isAccepted }) => isAccepted)),
    'a call was refused': flag(failures.some(({ isAccepted }) => !isAccepted)),
    'a failure was not repaired': flag(repaired.length < failures.length),
    'the last call failed': flag(failedLast),
    'a working call sounds failed': flag(working.some(({ soundsFailed }) => soundsFailed)),
    'an unloaded tool is called': flag(calls.some(({ isLoaded }) => !isLoaded)),
    'another refusal': flag(read.refused > calls.filter(({ isAccepted }) => !isAccepted).length),
    'a call is repeated': flag(new Set(texts).size < texts.length),
    'loads without': flag(loads.length === 0),
    'a load is repeated': flag(new Set(loads).size < loads.length),
    'a loaded tool is never called': flag(loads.some((key) => !calls.some((call) => call.key === key))),
    'a loaded tool never works': flag(loads.some((key) => !working.some((call) => call.key === key))),
    lists: damped(read.lists),
    // Named for the first views that did so: weights are kept by these names.
    'tool view': flag(read.loadedAtOnce === 'tool'),
    'eager view': flag(read.loadedAtOnce === 'nothing'),
    'quotes of the prompt used': share(quotesGiven, quotes.length),
    'all quotes of the prompt used': flag(quotesGiven === quotes.length),
    'values grounded': share(
      grounded.reduce((sum, one) => sum + one, 0),
      grounded.length,
    ),
    'least grounded value': Math.min(1, ...grounded),
  };
}
