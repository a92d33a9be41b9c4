import type { Json } from '../../core/json.ts';
import type { Reference } from '../../core/plan.ts';
import type { Action } from '../../core/types.ts';
import { candidatesOf } from './argument-candidates.ts';
import { argumentQuestion, optionalQuestion, type ArgumentState } from './argument-question.ts';
import type { Kind } from './kind-question.ts';
import type { PendingCall } from './memory.ts';
import type { Choose } from './network.ts';
import { referenceQuestion } from './reference-question.ts';
import { isSameReference, promisedTo, type Promised } from './references.ts';
import { buildArguments, type Leaf } from './schema.ts';
import type { Situation } from './situation.ts';
import { callQuestion } from './tool-questions.ts';
import type { NameReading, ToolReading } from './tools.ts';

/** What a teacher wants done. */
export interface Wish {
  readonly kind: Kind;
  readonly server: string;
  readonly tool: string;
  /** The value of one argument, `undefined` where it is left out. */
  readonly valueOf: (leaf: Leaf) => Json | undefined;
  /** Where that stands in what an earlier call of the same program brings; `undefined` where it does not. */
  readonly referenceOf: (leaf: Leaf) => Promised['reference'] | undefined;
  /** Empty where it gives none. */
  readonly answer: string;
}

export interface Choosing {
  /** A call's arguments are `null` where they are taken from results of the same program, or what a teacher knows to stand there. */
  readonly action: Action;
  readonly call?: PendingCall;
}

export interface ChosenCall extends Choosing {
  readonly call: PendingCall;
}

/** Decides what to call, and with what. `null`: the choice of the tool was answered by −1. */
export function chooseCall(
  situation: Situation,
  loaded: readonly ToolReading[],
  choose: Choose,
  wish?: Wish,
): ChosenCall | null {
  const tool = loaded[choose(callQuestion(situation, loaded), (i) => isWished(loaded[i], wish))];
  return tool ? fillCall(situation, tool, choose, wish) : null;
}

export const isWished = (one: NameReading | undefined, wish: Wish | undefined): boolean =>
  one?.name === wish?.tool && one?.server.name === wish?.server;

/** Chooses a value for every required leaf, and for as many optional ones as the tool's reading allows. */
function fillCall(situation: Situation, tool: ToolReading, choose: Choose, wish: Wish | undefined): ChosenCall {
  const leaves = leavesToFill(situation, tool, choose, wish);
  const values: (Json | undefined)[] = [];
  const keys: number[] = [];
  const references: (Reference | undefined)[] = [];
  let lastMention = -1;
  for (const leaf of leaves) {
    const state = { tool, leaf, chosen: values, lastMention };
    const promised = choosePromised(situation, state, references, choose, wish);
    references.push(
      promised && { ...promised.reference, call: situation.memory.awaited.length, argument: placeOf(leaf) },
    );
    const value = promised ? undefined : chooseKnown(situation, state, choose, wish);
    values.push(value?.value);
    keys.push(promised?.key ?? value?.key ?? -1);
    if (value && value.mention >= 0) lastMention = value.mention;
  }
  const written = values.map((value, i) => (references[i] ? (wish?.valueOf(leaves[i] as Leaf) ?? null) : value));
  const args = { server: tool.server.name, tool: tool.name, arguments: buildArguments(leaves, written) };
  return { action: { name: 'call_tool', arguments: args }, call: { tool, leaves, values, keys, references } };
}

function leavesToFill(
  situation: Situation,
  tool: ToolReading,
  choose: Choose,
  wish: Wish | undefined,
): readonly Leaf[] {
  let leaves = tool.required;
  let offered = tool.optional;
  for (let round = 0; round < tool.mostOptional && offered.length > 0; round++) {
    const wanted = offered.findIndex((leaf) => wish?.valueOf(leaf) !== undefined) + 1;
    const place = choose(optionalQuestion(situation, tool, offered), (i) => i === wanted) - 1;
    const chosen = offered[place];
    if (!chosen) break;
    leaves = [...leaves, chosen];
    offered = offered.filter((leaf) => leaf !== chosen);
  }
  const isQuoted = (value: Json) => typeof value === 'string' && situation.prompt.values.has(value.toLowerCase());
  // An option that the prompt quotes, such as a format, is worth asking about though its property may be left out.
  return [...leaves, ...tool.selectors.filter((leaf) => !leaves.includes(leaf) && leaf.values.some(isQuoted))];
}

/** What of an earlier result of the same program the leaf takes, if anything; `taken`: what other leaves of the call take. */
function choosePromised(
  situation: Situation,
  state: ArgumentState,
  taken: PendingCall['references'],
  choose: Choose,
  wish: Wish | undefined,
): Promised | undefined {
  const isFree = ({ reference }: Promised) => !taken.some((one) => one && isSameReference(one, reference));
  const promised = promisedTo(situation, state.leaf).filter(isFree);
  if (promised.length === 0) return undefined;
  const wanted = wish?.referenceOf(state.leaf);
  const place = wanted ? promised.findIndex(({ reference }) => isSameReference(reference, wanted)) : -1;
  return promised[choose(referenceQuestion(situation, state, promised), (i) => i === place + 1) - 1];
}

/** A value that is known now, the mention that it is, and the key under which it was found. */
interface Known {
  readonly value: Json | undefined;
  readonly mention: number;
  readonly key: number;
}

function chooseKnown(situation: Situation, state: ArgumentState, choose: Choose, wish: Wish | undefined): Known {
  const candidates = candidatesOf(situation, state.leaf);
  const wanted = wish?.valueOf(state.leaf);
  const fits = (i: number) => isSame(candidates[i]?.value, wanted);
  const candidate = candidates[choose(argumentQuestion(situation, state, candidates), fits)];
  // A teacher's value that is no candidate is used all the same.
  if (!candidate) return { value: wanted, mention: -1, key: -1 };
  return { value: candidate.value, mention: candidate.mention, key: candidate.finding?.key ?? -1 };
}

/** Keys to the leaf in the arguments of its call. */
export const placeOf = ({ path }: Leaf): Reference['argument'] =>
  path.map((step, i) => (i > 0 && step === '0' ? 0 : step));

const isSame = (one: Json | undefined, other: Json | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
