import type { TokenCounter } from '../tokens/counter.ts';
import { CeilingReached } from './ceiling-reached.ts';
import type { Chat, ModelClient } from './model-client.ts';
import { promptTokens } from './prompt-tokens.ts';

/** What a model may use over the client's life; each absent: as much as it likes. */
export interface Ceilings {
  /** Prompt and output together. */
  readonly totalTokens?: number | undefined;
  /** Of the currency of the price, which goes with it: that of a million tokens. */
  readonly totalMoney?: number | undefined;
  readonly price?: { readonly input: number; readonly output: number } | undefined;
  /** From the client's opening. */
  readonly totalSeconds?: number | undefined;
}

/** Endpoints count otherwise than we do: so much more than our count is held at first, and than the worst that was seen. */
const firstMargin = 1.2;
const laterMargin = 1.05;

/**
 * A client that keeps within ceilings by asking before each call whether the most that it can use still fits: its prompt by our
 * count, with a margin, and the longest reply. One that does not waits for those that are in the air, which may use less than was
 * held for them, and is then refused with `CeilingReached`: nothing is paid for that would go beyond.
 */
export function withCeilings(
  client: ModelClient,
  { totalTokens = Infinity, totalMoney = Infinity, totalSeconds = Infinity, price }: Ceilings,
  counter: TokenCounter | undefined,
): ModelClient {
  if (Math.min(totalTokens, totalMoney, totalSeconds) === Infinity) return client;
  const rate = price ?? { input: 0, output: 0 };
  const opened = performance.now();
  let [spent, held]: [Use, Use] = [nothing, nothing];
  let worst = firstMargin / laterMargin;
  let waiting: (() => void)[] = [];

  const beyond = (before: Use, most: Use): string | null => {
    const tokens = before.tokens + most.tokens;
    if (tokens > totalTokens)
      return `of ${totalTokens} tokens ${spent.tokens} are used, and the next call may take ${most.tokens}`;
    if (before.money + most.money > totalMoney)
      return `of ${totalMoney} in money ${spent.money.toFixed(4)} is used, and the next call may cost ${most.money.toFixed(4)}`;
    return null;
  };
  /** Holds what a call can use at most, as soon as there is room for it. */
  const hold = async (most: Use): Promise<void> => {
    for (;;) {
      const seconds = (performance.now() - opened) / 1000;
      if (seconds >= totalSeconds) throw new CeilingReached(`the ${totalSeconds} seconds are over`);
      const why = beyond(spent, most);
      if (why !== null) throw new CeilingReached(why);
      if (beyond(added(spent, held), most) === null) {
        // At once, before anybody else looks.
        held = added(held, most);
        return;
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  const useOf = (prompt: number, output: number): Use => ({
    tokens: prompt + output,
    money: (prompt * rate.input + output * rate.output) / 1e6,
  });
  const under =
    (chat: Chat): Chat =>
    async (messages, tools, sampling, signal) => {
      const ours = promptTokens(messages, tools, counter);
      const most = useOf(Math.ceil(ours * worst * laterMargin), sampling.outputTokens);
      await hold(most);
      try {
        const reply = await chat(messages, tools, sampling, signal);
        const { promptTokens: prompt, outputTokens: output } = reply.usage;
        worst = Math.max(worst, (prompt ?? ours) / Math.max(1, ours));
        spent = added(spent, useOf(prompt ?? ours, output ?? sampling.outputTokens));
        return reply;
      } finally {
        held = added(held, { tokens: -most.tokens, money: -most.money });
        const woken = waiting;
        waiting = [];
        woken.forEach((wake) => wake());
      }
    };
  return {
    ...client,
    chat: under(client.chat),
    ...(client.converse ? { converse: () => under((client.converse as () => Chat)()) } : {}),
  };
}

interface Use {
  readonly tokens: number;
  readonly money: number;
}

const nothing: Use = { tokens: 0, money: 0 };
const added = (one: Use, other: Use): Use => ({ tokens: one.tokens + other.tokens, money: one.money + other.money });
