import { UsageError } from '../../core/errors.ts';

/** What may follow a model's name. */
export interface KnownSettings<S> {
  /** Who has them, for sentences, e.g. `judge`. */
  readonly owner: string;
  readonly defaults: S;
  readonly words: Readonly<Record<string, readonly string[]>>;
  /** Least and most of each number; whole ones but for the temperature. */
  readonly ranges: Readonly<Record<string, readonly [number, number]>>;
  /** Settings that change nothing of what a model says that keeps its word; they stay out of names and caches. */
  readonly matterless: readonly string[];
  /** What holds beside the defaults, by what was asked for. */
  readonly usual?: (read: Readonly<Record<string, string | number>>) => Partial<S>;
}

/**
 * A model's name and the settings after its last `?`. `asked` holds what differs from the defaults and matters, in fixed
 * order, for names.
 * @throws UsageError for unknown settings and values.
 */
export function readNamedSettings<S extends object>(
  argument: string,
  known: KnownSettings<S>,
): { model: string; settings: S; asked: string } {
  const mark = argument.lastIndexOf('?');
  const model = mark < 0 ? argument : argument.slice(0, mark);
  const given = new Map(new URLSearchParams(mark < 0 ? '' : argument.slice(mark + 1)));
  const read = Object.fromEntries([...given].map(([key, text]) => [key, valueOf(key, text, known)]));
  const settings: S = { ...known.defaults, ...known.usual?.(read), ...read };
  const asked = Object.entries(settings)
    .filter(([key, value]) => !known.matterless.includes(key) && value !== known.defaults[key as keyof S])
    .map(([key, value]) => `${key}=${value}`)
    .join('&');
  return { model, settings, asked: asked === '' ? '' : `?${asked}` };
}

function valueOf<S>(key: string, text: string, { owner, words, ranges }: KnownSettings<S>): string | number {
  const allowed = Object.hasOwn(words, key) ? words[key] : undefined;
  if (allowed) {
    if (allowed.includes(text)) return text;
    throw new UsageError(`The ${owner}'s "${key}=${text}" is unknown. Known: ${allowed.join(', ')}.`);
  }
  const range = Object.hasOwn(ranges, key) ? ranges[key] : undefined;
  if (!range) {
    const known = [...Object.keys(words), ...Object.keys(ranges)].join(', ');
    throw new UsageError(`A ${owner} has no setting "${key}". Known: ${known}.`);
  }
  const [least, most] = range;
  const number = text.trim() === '' ? NaN : Number(text);
  if (number >= least && number <= most && (key === 'temperature' || Number.isInteger(number))) return number;
  throw new UsageError(
    `The ${owner}'s "${key}=${text}" is no ${key === 'temperature' ? '' : 'whole '}number from ${least} to ${most}.`,
  );
}
