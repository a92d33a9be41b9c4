import { randomStream } from '../seeds.ts';
import type { JsonObject } from '../json.ts';
import type { LocalModel } from './llama-library.ts';
import { callArguments, type LikelyToken } from './model-client.ts';

/** A place of a form where the model chooses, and the fixed text before it. */
interface Slot {
  readonly before: string;
  readonly options: readonly string[];
}

export interface Form {
  readonly slots: readonly Slot[];
  /** Fixed text at the end. */
  readonly after: string;
}

/**
 * A schema as a form to fill in, where it is objects of required keys whose values are listed by `enum`: only the choices
 * are the model's, so that a long reply costs a step per choice. `null` for any other schema.
 */
export function formOf(schema: JsonObject): Form | null {
  const slots: Slot[] = [];
  let text = '';
  const write = (part: JsonObject | null): boolean => {
    const { enum: values, properties } = part ?? {};
    if (Array.isArray(values) && values.length > 0) {
      const isText = values.every((value) => typeof value === 'string');
      const options = values.map((value) => (isText ? JSON.stringify(value).slice(1, -1) : JSON.stringify(value)));
      slots.push({ before: isText ? `${text}"` : text, options });
      text = isText ? '"' : '';
      return true;
    }
    const entries = Object.entries(callArguments(properties) ?? {});
    const areWritten = entries.map(([key, value], index) => {
      text += `${index === 0 ? '{' : ', '}${JSON.stringify(key)}: `;
      return write(callArguments(value));
    });
    text += '}';
    return entries.length > 0 && areWritten.every(Boolean);
  };
  return write(schema) ? { slots, after: text } : null;
}

export interface Filled {
  readonly text: string;
  /** The whole text, with the first tokens of the options where the model chose and their probabilities there. */
  readonly likely: readonly LikelyToken[];
  readonly tokens: number;
}

/** Appends tokens and tells how probable each token is after them, at temperature 1. */
export type Next = (ids: readonly number[]) => Promise<(id: number) => number>;

/** Fills in a form; at temperature 0 with the likeliest choices, else with drawn ones. */
export async function fillIn(
  { slots, after }: Form,
  model: Pick<LocalModel, 'tokenize' | 'detokenize'>,
  { temperature, seed }: { readonly temperature: number; readonly seed: number },
  next: Next,
): Promise<Filled> {
  const { uniform } = randomStream(seed);
  const likely: LikelyToken[] = [];
  let pending: number[] = [];
  let tokens = 0;
  for (const { before, options } of slots) {
    pending.push(...model.tokenize(before));
    likely.push(certain(before));
    let open: Option[] = options.map((text) => ({ text, ids: model.tokenize(text) }));
    let first: LikelyToken['likeliest'] | null = null;
    for (let depth = 0; open.length > 1; depth++) {
      const probabilityOf = await next(pending);
      tokens += pending.length;
      pending = [];
      const branches = branchesOf(open, depth, probabilityOf);
      first ??= branches.map(({ id, mass }) => ({
        text: id === null ? '' : model.detokenize([id]),
        logProbability: Math.log(Math.max(mass, leastProbability)),
      }));
      const { id, open: remaining } = pick(branches, temperature, uniform);
      open = [...remaining];
      if (id !== null) pending.push(id);
      if (open.length === 1) pending.push(...(open[0]?.ids.slice(depth + (id === null ? 0 : 1)) ?? []));
    }
    likely.push({ ...certain(open[0]?.text ?? ''), likeliest: first ?? [] });
  }
  likely.push(certain(after));
  tokens += pending.length + model.tokenize(after).length;
  return { text: likely.map(({ text }) => text).join(''), likely, tokens };
}

const leastProbability = 1e-38;
const certain = (text: string): LikelyToken => ({ text, logProbability: 0, likeliest: [] });

interface Option {
  readonly text: string;
  readonly ids: readonly number[];
}

interface Branch {
  /** `null`: the option ends here, while others go on. */
  readonly id: number | null;
  readonly mass: number;
  readonly open: readonly Option[];
}

function branchesOf(open: readonly Option[], depth: number, probabilityOf: (id: number) => number): Branch[] {
  const byNext = [...Map.groupBy(open, ({ ids }) => ids[depth] ?? null)];
  const going = byNext.reduce((sum, [id]) => sum + (id === null ? 0 : probabilityOf(id)), 0);
  return byNext.map(([id, options]) => ({
    id,
    mass: id === null ? Math.max(0, 1 - going) : probabilityOf(id),
    open: id === null ? options.slice(0, 1) : options,
  }));
}

/** The first of equally likely ones. */
function pick(branches: readonly Branch[], temperature: number, uniform: () => number): Branch {
  const most = branches.reduce((best, branch) => (branch.mass > best.mass ? branch : best));
  if (temperature === 0 || most.mass === 0) return most;
  const weights = branches.map(({ mass }) => (mass / most.mass) ** (1 / temperature));
  let left = uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  return branches.find((_, index) => (left -= weights[index] ?? 0) < 0) ?? most;
}
