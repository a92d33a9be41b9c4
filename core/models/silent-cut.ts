import type { UnclearUsage } from '../usage.ts';

/** One prompt of a conversation: what we know that we sent, and what the server says that it read. */
export interface PromptReading {
  /** Our count of the messages, thinking and schemas left out: a template may leave these out, too. */
  readonly sent: number;
  /** Of these, tokens at the beginning that other conversations have as well: a server may know them. */
  readonly shared: number;
  /** Thinking of earlier turns, which the server may have read too. */
  readonly thinking: number;
  readonly reported: number | null;
  /** What the server says it knew from before; undefined where it does not say. */
  readonly cached?: number | undefined;
}

/** `whole`: all was read. `cut`: a part was not, and no cache explains the number. Otherwise nobody can tell. */
export type CutVerdict = 'whole' | 'cut' | UnclearUsage;

/**
 * Other tokenizers differ from Qwen3 by a third at most on our texts; half of a prompt missing means that the server cut it
 * to its context, that the model's template renders the last message only, or that the server leaves out what it knew.
 */
const leastShare = 0.5;
/** In shorter prompts the templates' own tokens weigh too much. */
const shortPromptTokens = 256;
/** No context is so small: a server that reads so little knew the rest. */
const leastContextTokens = 128;
/** A cut prompt has the same number turn after turn, within this share. */
const sameShare = 0.01;
/** How far the growth of two turns must be apart so that equal counts cannot be those of what was new in each. */
const unequalGrowth = { tokens: 64, share: 0.25 };

/**
 * Whether a server read a whole prompt. It may count what it had to read anew alone; then the number is near what came after
 * some beginning that it knew: that of other conversations, or an earlier prompt of this one. `earlier`: in their order.
 */
export function cutVerdict(reading: PromptReading, earlier: readonly PromptReading[]): CutVerdict {
  const { sent, shared, thinking, reported, cached = 0 } = reading;
  if (sent <= shortPromptTokens) return 'whole';
  if (reported === null || reported === 0) return 'unsaid';
  // More known than read: the number leaves out what was known.
  const total = cached > reported ? reported + cached : reported;
  if (total >= leastShare * sent) return 'whole';
  if (reported <= leastContextTokens) return 'partial';
  if (isStuck(reading, earlier)) return 'cut';
  const known = [{ sent: shared, thinking: 0 }, ...earlier];
  const isExplained =
    known.some((beginning) => isNear(reported, sent - beginning.sent, thinking - beginning.thinking)) ||
    reported + cached >= leastShare * sent;
  return isExplained ? 'partial' : 'cut';
}

/** The same number as a turn before, although other things are new: it stands at the ceiling of a context. */
function isStuck({ sent, thinking, reported }: PromptReading, earlier: readonly PromptReading[]): boolean {
  const [before, last] = [earlier.at(-2), earlier.at(-1)];
  if (reported === null || last?.reported == null || sent <= last.sent) return false;
  if (Math.abs(reported - last.reported) > Math.max(2, sameShare * reported)) return false;
  const [growth, growthBefore] = [sent - last.sent, last.sent - (before?.sent ?? last.shared)];
  const apart = Math.abs(growth - growthBefore);
  return (
    !isNear(reported, growth, thinking - last.thinking) ||
    apart > Math.max(unequalGrowth.tokens, unequalGrowth.share * Math.max(growth, growthBefore))
  );
}

/** Tokenizers differ by a third at most, and templates add tokens of their own. */
const tolerance = { factor: 1.5, tokens: 64 };

/** `more`: tokens that may have been read beside them. */
const isNear = (reported: number, tokens: number, more: number): boolean =>
  reported >= tokens / tolerance.factor - tolerance.tokens &&
  reported <= (tokens + more) * tolerance.factor + tolerance.tokens;
