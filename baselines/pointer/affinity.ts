import type { Prompt } from './prompt.ts';
import { overlap, rarity, type NameReading, type ServerReading } from './tools.ts';
import type { WordReading } from './word-reading.ts';

/** How well a tool's or server's words match parts of the prompt, 0..1 each. */
export interface Match {
  readonly prompt: number;
  /** Per mention. */
  readonly windows: readonly number[];
  readonly sentences: readonly number[];
}

/** Lexical matches of everything nameable with one prompt; computed once per task. */
export interface Affinity {
  readonly ofName: (reading: NameReading) => Match;
  readonly ofServer: (reading: ServerReading) => Match;
}

export function makeAffinity(
  prompt: Prompt,
  servers: readonly ServerReading[],
  names: readonly NameReading[],
  reading: WordReading,
): Affinity {
  const nameRarity = rarity(names);
  const serverRarity = rarity(servers);
  const nameMatches = new Map<NameReading, Match>();
  const serverMatches = new Map<ServerReading, Match>();
  const match = (stems: ReadonlySet<string>, weightOf: (stem: string) => number, least: number): Match => {
    const against = (others: ReadonlySet<string>) => Math.min(1, overlap(stems, others, weightOf, reading) * least);
    return {
      prompt: against(prompt.stems),
      windows: prompt.mentions.map(({ window }) => against(window)),
      sentences: prompt.mentions.map(({ sentence }) => against(sentence)),
    };
  };
  return {
    ofName: (reading) => {
      let found = nameMatches.get(reading);
      if (!found) nameMatches.set(reading, (found = match(reading.stems, nameRarity, 1)));
      return found;
    },
    ofServer: (reading) => {
      let found = serverMatches.get(reading);
      // A summary has many words; a third of them is as good a match as any prompt gives.
      if (!found) serverMatches.set(reading, (found = match(reading.stems, serverRarity, 3)));
      return found;
    },
  };
}

/** A match with the mention in focus, and the best with any unused mention. */
export function focused(
  match: Match,
  focus: number,
  unused: readonly number[],
): { window: number; sentence: number; prompt: number; unused: number } {
  let best = 0;
  for (const i of unused) best = Math.max(best, match.windows[i] ?? 0);
  return {
    window: match.windows[focus] ?? 0,
    sentence: match.sentences[focus] ?? 0,
    prompt: match.prompt,
    unused: best,
  };
}
