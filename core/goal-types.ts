import type { Facts } from './facts.ts';
import type { JsonObject } from './json.ts';

/** When a task is done, as data: goals, checks, and what they look up. */

/**
 * How much of the way in which a text is written counts. `exact`: letter by letter, but for white space and quotes around it.
 * `normal`: what it says, in the forms in which people write it. `lenient`: besides, neither letter case nor a sentence around it.
 */
export type Strictness = 'exact' | 'normal' | 'lenient';

/** What a text must say; where it does not say how strictly it is meant, that hangs on what the text is. */
export type TextTest = (
  | { readonly equals: string }
  | { readonly contains: string }
  /** A JavaScript regular expression, flag `u` where it allows it. */
  | { readonly matches: string }
  | { readonly number: number; readonly tolerance: number }
  /** In any order. */
  | { readonly items: readonly string[] }
) & { readonly strictness?: Strictness };

/** What is looked up in the world after the episode, for checks that its facts do not decide. */
export type Inspection =
  | { readonly kind: 'call'; readonly server: string; readonly tool: string; readonly arguments: JsonObject }
  /** A program with its arguments, in which `{server}` names a server's folder; exit code 0 is a yes, 1 a no. */
  | { readonly kind: 'script'; readonly command: readonly string[]; readonly folder: string }
  /** A verifier: a module of the user's own, which counts from `folder`. Its yes and no are those of a script. */
  | { readonly kind: 'module'; readonly file: string; readonly folder: string };

/** One thing that must be true at the end. A failed guard (`unchanged`, a call never made) is damage. */
export type Check = { readonly name: string } & (
  | { readonly kind: 'file'; readonly server: string; readonly path: string; readonly test: TextTest | 'absent' }
  | { readonly kind: 'unchanged'; readonly server: string; readonly except: readonly string[] }
  /** The last answer, or that to a message of several, from 0. */
  | { readonly kind: 'answer'; readonly test: TextTest; readonly message?: number }
  /** A successful call whose arguments contain these, made or never made. */
  | {
      readonly kind: 'call';
      readonly server: string;
      readonly tool: string;
      readonly arguments: JsonObject;
      readonly made: boolean;
    }
  /** The result of inspection number `inspection`; `path` is a JSONPath (RFC 9535) into it, `null` the whole text. */
  | { readonly kind: 'result'; readonly inspection: number; readonly path: string | null; readonly test: TextTest }
  | { readonly kind: 'script'; readonly inspection: number }
  /** What no code decides: where all else is right, success is for a judge. */
  | { readonly kind: 'judged' }
);

/** When a task is done: a whole end state (our families), or checks that leave the rest open (users' own tasks). */
export type Goal =
  | { readonly kind: 'state'; readonly expected: Facts; readonly answer: TextTest | null }
  | { readonly kind: 'checks'; readonly checks: readonly Check[]; readonly inspections: readonly Inspection[] };

/** What scripts and verifiers of a task are told of an episode, beside the world that it left. */
export interface EndedEpisode {
  readonly prompt: string;
  /** `null`: the policy did not finish. */
  readonly answer: string | null;
  /** Calls of the world's tools in their order, each with its result as the policy saw it. */
  readonly calls: readonly {
    readonly server: string;
    readonly tool: string;
    readonly arguments: JsonObject;
    readonly result: string;
    readonly isError: boolean;
  }[];
}
