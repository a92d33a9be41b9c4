import { isJsonObject, type Json } from '../../core/json.ts';
import { patternText } from '../../core/pattern-text.ts';
import type { Reference, ResultStep } from '../../core/plan.ts';
import type { PlannedStep } from './family.ts';
import type { State } from './state.ts';

interface NeededTexts {
  readonly steps: readonly PlannedStep[];
  readonly start: State;
  readonly prompt: string;
  /** '' where none is asked for. */
  readonly answer: string;
}

/**
 * Where texts that a plan needs, and the prompt does not give, stand in results that they depend on. Found by looking for them in
 * what each step shows of the state as it then is; what a step does not show, and what is worked out, is not found.
 */
export function referencesOf({ steps, start, prompt, answer }: NeededTexts): Reference[] {
  const shown = textsShown(steps, start);
  const earlier: ReadonlySet<number>[] = [];
  const references: Reference[] = [];
  const look = (text: string, by: Pick<Reference, 'call' | 'argument'>, among: ReadonlySet<number>) => {
    if (text === '' || prompt.includes(text)) return;
    for (const from of [...among].sort((one, other) => other - one))
      for (const leaf of shown[from] ?? []) {
        const place = placeOf(text, leaf);
        if (place) return void references.push({ ...by, from, ...place });
      }
  };
  for (const [call, { arguments: args, after = [] }] of steps.entries()) {
    const among = new Set(after.flatMap((index) => [index, ...(earlier[index] ?? [])]));
    earlier.push(among);
    for (const { at, text } of leavesOf(args)) look(text, { call, argument: at }, among);
  }
  look(answer, { call: steps.length, argument: [] }, new Set(steps.keys()));
  return references;
}

interface Leaf<Key> {
  readonly at: readonly Key[];
  readonly text: string;
}

/** The texts that a value holds, and what leads to each. */
function leavesOf(value: Json, at: readonly (string | number)[] = []): Leaf<string | number>[] {
  if (typeof value === 'string') return [{ at, text: value }];
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap((one, index) => leavesOf(one, [...at, index]));
  return isJsonObject(value) ? Object.entries(value).flatMap(([key, one]) => leavesOf(one, [...at, key])) : [];
}

type ShownText = Leaf<ResultStep>;

function textsShown(steps: readonly PlannedStep[], start: State): (readonly ShownText[])[] {
  let state = start;
  return steps.map(({ shows, change }) => {
    const texts = shownIn(shows?.(state) ?? null);
    state = change(state);
    return texts;
  });
}

function shownIn(value: Json, at: readonly ResultStep[] = []): ShownText[] {
  if (typeof value === 'string') return [{ at, text: value }];
  if (Array.isArray(value)) {
    const all = value as readonly Json[];
    const join = '\n';
    const isOfTexts = all.length > 1 && all.every((one) => typeof one === 'string');
    const items = all.flatMap((one, item) => shownIn(one, [...at, { item, of: all.length }]));
    return isOfTexts ? [{ at: [...at, { join }], text: all.join(join) }, ...items] : items;
  }
  return isJsonObject(value) ? Object.entries(value).flatMap(([key, one]) => shownIn(one, [...at, key])) : [];
}

type Place = Pick<Reference, 'at' | 'before' | 'pattern'>;

/** As a whole, as the value of a line `key: value`, as an item of a list in text, as the beginning; or behind a folder. */
function placeOf(text: string, leaf: ShownText): Place | undefined {
  const whole = placeOfWhole(text, leaf);
  if (whole) return { ...whole, before: '' };
  const cut = text.lastIndexOf('/') + 1;
  const named = cut === 0 || cut === text.length ? undefined : placeOfWhole(text.slice(cut), leaf);
  return named && { ...named, before: text.slice(0, cut) };
}

function placeOfWhole(text: string, { at, text: shown }: ShownText): Omit<Place, 'before'> | undefined {
  if (shown === text) return { at };
  const key = keyBefore(text, shown);
  if (key !== undefined) {
    const pattern = `^${patternText(key)}(.*)$`;
    if (takenBy(pattern, shown) === text) return { at, pattern };
  }
  for (const split of ['\n', ',']) {
    const items = shown.split(split);
    const item = items.findIndex((one) => one === text || (split === '\n' && one === `${fileMark}${text}`));
    if (items.length < 2 || item < 0) continue;
    const inList = [...at, { split }, { item, of: items.length }];
    return items[item] === text ? { at: inList } : { at: inList, pattern: `^${patternText(fileMark)}(.*)$` };
  }
  const [, next] = shown.startsWith(`${text}\n`) ? (/^\s*(\S+ \S+)/.exec(shown.slice(text.length)) ?? []) : [];
  const pattern = `^([^]*?)\\s+${patternText(next ?? '')}`;
  return next !== undefined && takenBy(pattern, shown) === text ? { at, pattern } : undefined;
}

/** Stands before the name of a file in what lists a folder. */
const fileMark = '[FILE] ';

/** What stands before a text at the end of a line, if it ends in a colon. */
function keyBefore(text: string, shown: string): string | undefined {
  const line = text.includes('\n') ? undefined : shown.split('\n').find((one) => one.endsWith(`: ${text}`));
  return line?.slice(0, line.length - text.length);
}

const takenBy = (pattern: string, text: string): string | undefined => new RegExp(pattern, 'm').exec(text)?.[1];
