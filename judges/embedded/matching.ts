import { assign, shareOf } from '../truth/argument-match.ts';
import { passesExactly } from '../truth/exact-text.ts';
import type { MentionedCall, Mentions } from './mentions.ts';
import type { ReadCall, ReadTrajectory } from './record.ts';

type Numbers = Record<string, number>;

export const flag = (is: boolean): number => (is ? 1 : 0);
/** 0, ¼, ½, ¾ … towards 1, so that a long episode is not louder than its kind. */
export const damped = (count: number): number => count / (count + 2);
export const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

/**
 * How a trajectory stands to what criteria mention, in numbers of 0..1 and in a fixed order. That a call is made which no
 * text mentions is no number where it only looks something up: of planted defects a judge would learn what it goes with.
 */
export function matching(mentions: Mentions, read: ReadTrajectory): Numbers {
  return {
    ...callNumbers(mentions.calls, read),
    ...toolNumbers(mentions, read),
    ...textNumbers(mentions, read),
  };
}

const isSame = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((leaf, index) => leaf === other[index]);

const isExact = (one: { readonly key: string; readonly leaves: readonly string[] }, call: ReadCall) =>
  one.key === call.key && isSame(one.leaves, call.leaves);

const uses = (list: readonly { readonly key: string }[], key: string) => list.filter((one) => one.key === key).length;

const lookup = /(?:^|[ _-])(?:read|list|search|open|show|log|status|describe|get|find|query|calc\w*|time)(?:[_-]|$)/;

function callNumbers(wanted: readonly MentionedCall[], { calls }: ReadTrajectory): Numbers {
  const full = wanted.flatMap(({ key, leaves }) => (leaves === null ? [] : [{ key, leaves }]));
  const exact = assign(full.map((one) => calls.map((call) => (isExact(one, call) ? (call.isWorking ? 2 : 1) : 0))));
  const made = full.map((_, index) => calls[exact[index] ?? -1]);
  const missing = full.filter((_, index) => made[index] === undefined);
  const unworked = full.filter((_, index) => made[index]?.isWorking !== true);
  const others = full.length === 0 ? [] : calls.filter((call) => !full.some((one) => isExact(one, call)));
  const keys = new Set(full.map(({ key }) => key));
  const nearest = full.map((one) =>
    Math.max(0, ...calls.filter(({ key }) => key === one.key).map(({ leaves }) => shareOf(one.leaves, leaves))),
  );
  const turns = made.flatMap((call) => (call ? [call.turn] : []));
  const repeats = full.length === 0 ? 0 : calls.length - others.length - turns.length;
  const failedExact = calls.filter((call) => !call.isWorking && full.some((one) => isExact(one, call)));
  return {
    'arguments are mentioned': flag(full.length > 0),
    'mentioned calls': damped(full.length),
    'made exactly': share(full.length - missing.length, full.length),
    'all made exactly': flag(missing.length === 0),
    'made exactly and working': share(full.length - unworked.length, full.length),
    'all made exactly and working': flag(unworked.length === 0),
    'a change is missing': flag(unworked.some(({ key }) => !lookup.test(key))),
    'a look-up is missing': flag(unworked.some(({ key }) => lookup.test(key))),
    'the last works': flag(full.length > 0 && made.at(-1)?.isWorking === true),
    'a missing one was made otherwise': flag(missing.some(({ key }) => others.some((call) => call.key === key))),
    'a tool is called otherwise too': flag(others.some(({ key }) => keys.has(key))),
    'a change is made otherwise': flag(others.some((call) => keys.has(call.key) && !call.isLookup && call.isWorking)),
    'mean of values': share(
      nearest.reduce((sum, one) => sum + one, 0),
      full.length,
    ),
    'least of values': Math.min(1, ...nearest),
    'another change that works': flag(others.some((call) => !call.isLookup && call.isWorking)),
    'another call that fails': flag(others.some(({ isWorking }) => !isWorking)),
    'another call that sounds failed': flag(others.some(({ soundsFailed }) => soundsFailed)),
    'in the order mentioned': flag(turns.every((turn, index) => index === 0 || turn > (turns[index - 1] ?? 0))),
    'a mentioned call is repeated': flag(repeats > 0),
    'a mentioned change is repeated': flag(
      repeats > 0 && full.some((one) => !lookup.test(one.key) && calls.filter((call) => isExact(one, call)).length > 1),
    ),
    'a mentioned call failed': flag(failedExact.length > 0),
  };
}

function toolNumbers({ calls: wanted, keys, calledAbout }: Mentions, read: ReadTrajectory): Numbers {
  const accepted = read.calls.filter(({ isAccepted }) => isAccepted);
  const working = read.calls.filter(({ isWorking }) => isWorking);
  const called = keys.filter((key) => uses(accepted, key) > 0).length;
  const loaded = keys.filter((key) => read.loads.includes(key)).length;
  const distinct = new Set(read.loads);
  const extra = keys.length === 0 ? [] : [...distinct].filter((key) => !keys.includes(key));
  const steps = calledAbout ?? wanted.length;
  const over = steps === 0 ? 0 : read.turns - (read.loadedAtOnce === 'tool' ? keys.length : 0) - steps - 1;
  const overLoads = steps === 0 ? 0 : read.turns - distinct.size - steps - 1;
  return {
    'tools are mentioned': flag(keys.length > 0),
    'tools called': share(called, keys.length),
    'all tools called': flag(called === keys.length),
    'all tools called often enough': flag(wanted.every(({ key }) => uses(accepted, key) >= uses(wanted, key))),
    'all tools called with success': flag(keys.every((key) => uses(working, key) > 0)),
    'tools loaded': share(loaded, keys.length),
    'all tools loaded': flag(loaded === keys.length),
    'another tool is loaded': flag(extra.length > 0),
    'another tool is loaded and not used with success': flag(extra.some((key) => uses(working, key) === 0)),
    'turns are too many': flag(over > 0 && keys.length > 0),
    'turns too many': damped(Math.max(0, over)),
    'turns are too many beside loads': flag(overLoads > 0),
    'turns are too few': flag(steps > 0 && overLoads < 0),
  };
}

const textsIn = (leaves: readonly string[]): string[] =>
  leaves.flatMap((leaf) => {
    const value = JSON.parse(leaf.slice(leaf.indexOf(' = ') + 3)) as unknown;
    return typeof value === 'string' && value.length > 1 ? [value] : [];
  });

function textNumbers({ calls: wanted, quotes, answer }: Mentions, read: ReadTrajectory): Numbers {
  const working = read.calls.filter(({ isWorking }) => isWorking);
  const given = working.flatMap(({ texts }) => texts);
  const isGiven = (text: string) => given.some((one) => one.includes(text) || one.trim() === text.trim());
  const isShown = (text: string) => working.some(({ result }) => result.includes(text));
  const novel = [...new Set(wanted.flatMap(({ leaves }) => textsIn(leaves ?? [])))].filter(
    (text) => !read.prompt.includes(text),
  );
  const shown = novel.filter(isShown).length;
  const quotesGiven = quotes.filter(isGiven).length;
  return {
    'values are to be found': flag(novel.length > 0),
    'values found': share(shown, novel.length),
    'all values found': flag(shown === novel.length),
    'texts are quoted': flag(quotes.length > 0),
    'quoted texts given': share(quotesGiven, quotes.length),
    'all quoted texts given': flag(quotesGiven === quotes.length),
    'quoted texts shown': share(quotes.filter(isShown).length, quotes.length),
    'an answer is mentioned': flag(answer !== null),
    'the answer passes': flag(answer !== null && read.answer !== null && passesExactly(answer, read.answer)),
    'the answer does not pass': flag(answer !== null && (read.answer === null || !passesExactly(answer, read.answer))),
  };
}
