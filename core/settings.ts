import { UsageError } from './errors.ts';

export type Setting = number | string | boolean;

/** What a number may be. */
export interface NumberRange {
  readonly least: number;
  readonly most: number;
  readonly isWhole: boolean;
}

export const wholeFrom = (least: number, most: number): NumberRange => ({ least, most, isWhole: true });

/** The settings that a name may have: what they are where it says nothing, and what they may be. */
export interface KnownSettings<Settings extends object = Readonly<Record<string, Setting>>> {
  readonly defaults: Settings;
  /** What each setting that is a word may be. */
  readonly choices: WordChoices<Settings>;
  /** Ranges of numbers; without one a number is finite and from 0. */
  readonly ranges?: Readonly<Partial<Record<keyof Settings, NumberRange>>>;
  /** Settings `PREFIX.NAME` may be anything; they are kept as they were written. */
  readonly free?: string;
}

/** `any`: a text. */
export type WordChoices<Settings> = {
  readonly [Name in keyof Settings as Settings[Name] extends string ? Name : never]-?:
    readonly Settings[Name][] | 'any';
};

export const noSettings: KnownSettings = { defaults: {}, choices: {} };

/** A name with its settings, `set` those that stood in the text. */
export interface NamedSettings<Settings extends object> {
  readonly name: string;
  readonly settings: Settings;
  readonly set: Partial<Settings>;
}

/** A name without its settings, which begin at the last "?": it may hold ":" and "/". */
export const nameIn = (text: string): string => text.slice(0, text.includes('?') ? text.lastIndexOf('?') : undefined);

/** A name in which `%3F` stands for a question mark; one with a percent sign that stands for itself as it is. */
export function decodedName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

const anyNumber: NumberRange = { least: 0, most: Infinity, isWhole: false };

/**
 * Reads `NAME?key=value&key=value`, values percent-encoded. A value must be of its default's kind; of a key that is there twice
 * the last counts; `top-p` and `top_p` are `topP`. Throws `UsageError` that says what there is.
 */
export function readNamedSettings<Settings extends object>(
  text: string,
  known: KnownSettings<Settings>,
): NamedSettings<Settings> {
  const name = nameIn(text);
  const entries = [...new URLSearchParams(text.slice(name.length + 1))].map(([written, source]) => {
    const key = keyOf(written, known);
    const value = valueOf(key, source, known);
    if (value === undefined) throw noSuchSetting(name, `${written}=${source}`, key, known);
    return [key, value] as const;
  });
  const set = Object.fromEntries(entries) as Partial<Settings>;
  return { name, settings: { ...known.defaults, ...set }, set };
}

const folded = (key: string): string => key.replaceAll(/[-_]/g, '').toLowerCase();

/** How the settings call what was written: hyphens, underscores and capitals tell words apart, and all may. */
function keyOf(written: string, { defaults }: KnownSettings<object>): string {
  return Object.keys(defaults).find((key) => folded(key) === folded(written)) ?? written;
}

/** `?key=value&key=value` of the settings that are not as by default, but for those left out; '' where there is none. */
export function settingsText<Settings extends object>(
  settings: Settings,
  { defaults }: Pick<KnownSettings<Settings>, 'defaults'>,
  leftOut: readonly (keyof Settings)[] = [],
): string {
  const parts = (Object.entries(settings) as [keyof Settings & string, Setting][])
    .filter(([key, value]) => !leftOut.includes(key) && value !== defaults[key])
    .map(([key, value]) => `${key}=${encodeURIComponent(value).replaceAll('%3A', ':')}`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function valueOf(key: string, source: string, known: KnownSettings<object>): Setting | undefined {
  const { usual, words, range } = settingOf(key, known);
  if (known.free !== undefined && key.startsWith(`${known.free}.`)) return source;
  if (usual === undefined) return undefined;
  if (words === 'any') return source === '' ? undefined : source;
  if (words) return words.includes(source) ? source : undefined;
  if (typeof usual === 'boolean') return switchWords.get(source);
  const value = source.trim() === '' ? NaN : Number(source);
  const { least, most, isWhole } = range;
  return Number.isFinite(value) && value >= least && value <= most && (!isWhole || Number.isInteger(value))
    ? value
    : undefined;
}

const switchWords: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'on', 'yes', '1'].map((word) => [word, true] as const),
  ...['false', 'off', 'no', '0'].map((word) => [word, false] as const),
]);

/** One setting's default, undefined where there is no such setting, and what it may be. */
function settingOf(key: string, { defaults, choices, ranges = {} }: KnownSettings<object>) {
  const of = (record: object): unknown =>
    Object.hasOwn(record, key) ? (record as Readonly<Record<string, unknown>>)[key] : undefined;
  return {
    usual: of(defaults) as Setting | undefined,
    words: of(choices) as readonly string[] | 'any' | undefined,
    range: (of(ranges) as NumberRange | undefined) ?? anyNumber,
  };
}

/** The one sentence for a setting that is not there or cannot be so. */
function noSuchSetting(name: string, wrong: string, key: string, known: KnownSettings<object>): UsageError {
  const { usual, words, range } = settingOf(key, known);
  const whose = name === '' ? '' : ` of "${name}"`;
  const why = usual === undefined ? '' : `: ${key} is ${kindText(usual, words, range)}`;
  const ours = Object.entries(known.defaults as Readonly<Record<string, Setting>>).map(([one, value]) => {
    const { words: all } = settingOf(one, known);
    if (all === 'any') return `${one}=TEXT`;
    const others = all?.filter((word) => word !== value) ?? [];
    return `${one}=${value}${others.length === 0 ? '' : ` (or ${others.join(', ')})`}`;
  });
  const all = known.free === undefined ? ours : [...ours, `${known.free}.NAME=VALUE`];
  const rest = all.length === 0 ? 'There are none.' : `There are, with their defaults: ${all.join(', ')}.`;
  return new UsageError(`"${wrong}" is no setting${whose}${why}. ${rest}`);
}

function kindText(
  usual: Setting,
  words: readonly string[] | 'any' | undefined,
  { least, most, isWhole }: NumberRange,
): string {
  if (words === 'any') return 'a text';
  if (words) return `one of ${words.join(', ')}`;
  if (typeof usual === 'boolean') return 'on or off';
  return `a ${isWhole ? 'whole ' : ''}number from ${least}${most === Infinity ? '' : ` to ${most}`}`;
}
