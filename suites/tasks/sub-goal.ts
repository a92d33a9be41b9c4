import type { TextTest } from '../../core/goal-types.ts';
import type { Draw } from './draw.ts';
import type { Draft, PlannedStep } from './family.ts';
import type { Texts } from './phrasing.ts';
import type { State } from './state.ts';
import type { Roles } from './step.ts';

/**
 * Sub-goals that families share. A source looks something up; a sink does something with a value. Both are told where
 * they come in a prompt in one of two ways: by a literal text, or by what was found before.
 */

/** What a value can be used as: any text, a plain name for a folder, or the name of a thing of one kind. */
export type ValueKind =
  'text' | 'name' | 'phrase' | 'person' | 'path' | 'note' | 'tag' | 'page' | 'title' | 'zone' | 'number' | 'expression';

/** What there is when a sub-goal is drawn. */
export interface Setting {
  readonly draw: Draw;
  readonly roles: Roles;
  readonly start: State;
}

interface Drawn {
  /** The start state with what the sub-goal needs, and similar things to be mistaken for it. */
  readonly start: State;
  /** `after` counts within these steps; what has no `after` depends on what was found before, if anything was. */
  readonly steps: readonly PlannedStep[];
  readonly values: Readonly<Record<string, string>>;
}

export interface Lookup extends Drawn {
  /** What the last step finds. */
  readonly needed: string;
  /** The name of the place looked at. */
  readonly place: string;
}

/** Looks up a value that the prompt does not hold. The file `suites/goals/sources/<name>.ts` default-exports one. */
export interface Source {
  readonly name: string;
  /** Server or role that keeps the place. */
  readonly home: 'files' | 'graph' | 'memory-bank' | 'obsidian' | 'dex-tasks' | 'calc' | 'time';
  /** A place holds whatever is put there (`null`), or things of these kinds alone. */
  readonly gives: readonly ValueKind[] | null;
  /** Its result is computed and cannot be chosen. */
  readonly isComputed: boolean;
  /** What names a place. */
  readonly placeKind: ValueKind;
  /** Imperatives with `{place}` for a noun phrase: `suites/goals/places.json` has them by kind, literal and found. */
  readonly texts: Texts;
  /** `wanted` is what must be found; a computed source ignores it. */
  readonly lookUp: (setting: Setting, wanted: string) => Lookup;
}

export interface Recording extends Drawn {
  readonly answer?: NonNullable<Draft['answer']>;
}

/** Does something with a value. The file `suites/goals/sinks/<name>.ts` default-exports one. */
export interface Sink {
  readonly name: string;
  readonly home: Source['home'] | 'answer';
  readonly wants: ValueKind;
  /** Imperatives with `{it}` for the value, literal or found. */
  readonly texts: Texts;
  readonly record: (setting: Setting, value: string) => Recording;
}

/** A text's answer test: a number in any form, or the very text. */
export const testFor = (value: string): TextTest =>
  /^-?\d+(\.\d+)?$/.test(value) ? { number: Number(value), tolerance: 0 } : { equals: value };

/** Whether a source can find something that may be used as this kind. Everything is a text. */
export const canGive = (source: Source, kind: ValueKind): boolean =>
  source.gives === null || kind === 'text' || source.gives.includes(kind);

/** Sub-goals joined to a task: lookups and recordings in the order of the prompt. */
export interface Part {
  readonly steps: readonly PlannedStep[];
  readonly clause: Draft['clauses'][number];
  /** Parts whose last step finds what this one is told by. */
  readonly needs: readonly number[];
  readonly answer?: Draft['answer'];
}

/** `start` must hold what every part needs. A part without a call, such as an answer, is no sub-goal of its own. */
export function compose(start: State, parts: readonly Part[]): Draft {
  const steps: PlannedStep[] = [];
  const lasts: number[] = [];
  for (const part of parts) {
    const first = steps.length;
    const needed = part.needs.map((index) => lasts[index] as number);
    for (const { after = [], ...step } of part.steps)
      steps.push({ ...step, after: after.length > 0 ? after.map((index) => first + index) : needed });
    lasts.push(steps.length - 1);
  }
  const answer = parts.findLast((part) => part.answer !== undefined)?.answer;
  return {
    start,
    steps,
    clauses: parts.map((part) => part.clause),
    subGoals: parts.filter((part) => part.steps.length > 0).length,
    ...(answer === undefined ? {} : { answer }),
  };
}
