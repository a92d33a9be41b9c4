import { UsageError } from '../../../core/errors.ts';
import type { Scale } from './question.ts';

/** What a judge's name may ask for, e.g. `ollama:qwen3:4b?scope=criterion&votes=3`. */
export interface Settings {
  /** Criteria per call: `all` (as in the paper), those of one `category`, or one `criterion`. */
  readonly scope: 'all' | 'category' | 'criterion';
  readonly scale: Scale;
  /** 1: the trajectories of a task are shown in one call, in shuffled order. */
  readonly group: number;
  /** Calls per question, each with a seed of its own; 2 or more also shuffle the criteria. */
  readonly votes: number;
  readonly temperature: number;
  readonly seed: number;
  /** Tokens of all records of a call, in Qwen3's; a group's share them evenly. */
  readonly evidenceTokens: number;
  /** Tokens of one criterion. */
  readonly criterionTokens: number;
  readonly contextTokens: number;
  /** Room for thinking before the answer; 0: Ollama's models are told not to think. */
  readonly thinkingTokens: number;
  /** Calls at a time. */
  readonly concurrency: number;
  readonly timeoutSeconds: number;
  /** CPU threads of Ollama; 0: the server decides. */
  readonly threads: number;
  /** Likeliest tokens asked for, from which P(yes) is made; 0: the bare answer counts. */
  readonly likeliest: number;
}

export const defaultSettings: Settings = {
  scope: 'all',
  scale: 'yes-no',
  group: 0,
  votes: 1,
  temperature: 0,
  seed: 0,
  evidenceTokens: 2_000,
  criterionTokens: 160,
  contextTokens: 8_192,
  thinkingTokens: 0,
  concurrency: 1,
  timeoutSeconds: 60,
  threads: 0,
  likeliest: 10,
};

const words: Readonly<Record<string, readonly string[]>> = {
  scope: ['all', 'category', 'criterion'],
  scale: ['yes-no', 'ten'],
};

/** Least and most of each number; whole ones but for the temperature. */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  group: [0, 1],
  votes: [1, 100],
  temperature: [0, 5],
  seed: [0, 2 ** 31 - 1],
  evidenceTokens: [100, 1_000_000],
  criterionTokens: [16, 10_000],
  contextTokens: [600, 10_000_000],
  thinkingTokens: [0, 1_000_000],
  concurrency: [1, 256],
  timeoutSeconds: [1, 280],
  threads: [0, 1_024],
  likeliest: [0, 20],
};

/** Settings that change no verdict of a model that keeps its word, and stay out of name and cache. */
const matterless = ['concurrency', 'timeoutSeconds', 'threads'];

/**
 * A model's name and the settings after its last `?`; several votes are drawn at temperature .7 unless told. `asked` holds
 * what differs from the defaults and matters, in fixed order, for the judge's name.
 * @throws UsageError for unknown settings and values.
 */
export function readSettings(argument: string): { model: string; settings: Settings; asked: string } {
  const mark = argument.lastIndexOf('?');
  const model = mark < 0 ? argument : argument.slice(0, mark);
  const given = new Map(new URLSearchParams(mark < 0 ? '' : argument.slice(mark + 1)));
  const read = Object.fromEntries([...given].map(([key, text]) => [key, valueOf(key, text)]));
  const usual = Number(read['votes'] ?? 1) > 1 ? { temperature: 0.7 } : {};
  const settings: Settings = { ...defaultSettings, ...usual, ...read };
  const asked = Object.entries(settings)
    .filter(([key, value]) => !matterless.includes(key) && value !== defaultSettings[key as keyof Settings])
    .map(([key, value]) => `${key}=${value}`)
    .join('&');
  return { model, settings, asked: asked === '' ? '' : `?${asked}` };
}

function valueOf(key: string, text: string): string | number {
  const allowed = Object.hasOwn(words, key) ? words[key] : undefined;
  if (allowed) {
    if (allowed.includes(text)) return text;
    throw new UsageError(`The judge's "${key}=${text}" is unknown. Known: ${allowed.join(', ')}.`);
  }
  const range = Object.hasOwn(ranges, key) ? ranges[key] : undefined;
  if (!range) {
    const known = [...Object.keys(words), ...Object.keys(ranges)].join(', ');
    throw new UsageError(`A judge has no setting "${key}". Known: ${known}.`);
  }
  const [least, most] = range;
  const number = text.trim() === '' ? NaN : Number(text);
  if (number >= least && number <= most && (key === 'temperature' || Number.isInteger(number))) return number;
  throw new UsageError(
    `The judge's "${key}=${text}" is no ${key === 'temperature' ? '' : 'whole '}number from ${least} to ${most}.`,
  );
}
