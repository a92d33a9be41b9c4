import type { RandomStream } from '../../core/seeds.ts';
import commonFrames from './frames.json' with { type: 'json' };

/**
 * One way of asking. `frame` holds `{steps}`, `join` stands between the clauses; every other entry is a clause by kind,
 * with its values in braces.
 */
export type Phrasing = Readonly<Record<string, string>> & { readonly frame: string; readonly join: string };

/** Ways of asking that are written down: those trained on, those that never are, and vague ones. */
export type WrittenRegister = 'train' | 'wording' | 'fuzzy';

/** Ways of asking that `suites/grammar` makes: in words or frames never trained on, in a tone, with slips of the fingers. */
export const grammarRegisters = ['held-out-word', 'held-out-frame', 'tone', 'typo'] as const;
export type GrammarRegister = (typeof grammarRegisters)[number];
export type Register = WrittenRegister | GrammarRegister;

/** The register of a family whose ways of asking are all written down. */
export function written(register: Register): WrittenRegister {
  if (register === 'train' || register === 'wording' || register === 'fuzzy') return register;
  throw new RangeError(`the register ${register} is the grammar's: ask a family that went through inGrammar`);
}

/** All ways of asking of one family. */
export type Phrasings = Readonly<Record<WrittenRegister, readonly Phrasing[]>>;

/** Text of one clause, or frame, in every way of asking. */
export type Texts = Readonly<Record<WrittenRegister, readonly string[]>>;

/** How a family finds its words. */
export interface Wording {
  /** Number of different ways of asking, at the least, by register. */
  readonly count: Readonly<Record<WrittenRegister, number>>;
  readonly pick: (register: Register, stream: Pick<RandomStream, 'pick' | 'below'>) => Phrasing;
}

/** Phrasings written as a whole. */
export const wholePhrasings = (phrasings: Phrasings): Wording => ({
  count: { train: phrasings.train.length, wording: phrasings.wording.length, fuzzy: phrasings.fuzzy.length },
  pick: (register, stream) => stream.pick(phrasings[written(register)]),
});

/**
 * Frames and clauses drawn apart, so that a few texts make many prompts. Every clause is an imperative without a capital
 * and a full stop; joins are given by register.
 */
export function mixedPhrasings(clauses: Readonly<Record<string, Texts>>, frames: Frames = commonFrames): Wording {
  const count = (register: WrittenRegister) =>
    Math.min(frames[register].length, ...Object.values(clauses).map((texts) => texts[register].length));
  return {
    count: { train: count('train'), wording: count('wording'), fuzzy: count('fuzzy') },
    pick: (asked, stream) => {
      const register = written(asked);
      const drawnClauses = Object.entries(clauses).map(
        ([kind, texts]) => [kind, stream.pick(texts[register])] as const,
      );
      return { ...stream.pick(frames[register]), ...Object.fromEntries(drawnClauses) };
    },
  };
}

type Frames = Readonly<Record<WrittenRegister, readonly { readonly frame: string; readonly join: string }[]>>;

export interface Clause {
  readonly kind: string;
  readonly values: Readonly<Record<string, string>>;
}

/** The prompt. A clause that begins a sentence gets a capital, unless it begins with a value. */
export function phrase(phrasing: Phrasing, clauses: readonly Clause[]): string {
  const [before = '', after = ''] = phrasing.frame.split('{steps}');
  let text = before;
  for (const [index, { kind, values }] of clauses.entries()) {
    if (index > 0) text = join(text, phrasing.join);
    const template = phrasing[kind];
    if (template === undefined) throw new RangeError(`a phrasing has no clause for ${kind}`);
    const clause = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new RangeError(`clause ${kind} has no value ${name}`);
      return value;
    });
    const isStart = /(^|[.?!]\s)$/.test(text) && !template.startsWith('{');
    text += isStart ? clause.charAt(0).toUpperCase() + clause.slice(1) : clause;
  }
  return join(text, after);
}

/** A clause that ends its sentence itself needs no further mark. */
const join = (text: string, next: string) => text + (/[.?!]$/.test(text) && /^[.?!]/.test(next) ? next.slice(1) : next);
