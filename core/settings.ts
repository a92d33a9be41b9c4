import { UsageError } from './errors.ts';

export type Setting = number | string | boolean;

/**
 * Reads `name?key=value&key=value` by the settings that there are: a value must be of its default's kind, a text one of
 * `choices`. Throws `UsageError` that says what there is.
 */
export function readSettings(
  text: string,
  defaults: Readonly<Record<string, Setting>>,
  choices: Readonly<Record<string, readonly string[]>> = {},
): Readonly<Record<string, Setting>> {
  return Object.fromEntries(
    [...new URLSearchParams(text)].map(([key, given]) => {
      const value = Object.hasOwn(defaults, key) ? valueOf(given, defaults[key], choices[key]) : undefined;
      if (value !== undefined) return [key, value] as const;
      const known = Object.entries(defaults).map(([name, one]) => `${name}=${choices[name]?.join('|') ?? String(one)}`);
      throw new UsageError(`"${key}=${given}" is no setting. There are, with their defaults: ${known.join(', ')}.`);
    }),
  );
}

function valueOf(text: string, like: Setting | undefined, choices: readonly string[] | undefined): Setting | undefined {
  if (choices) return choices.includes(text) ? text : undefined;
  if (typeof like === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  const value = Number(text);
  return text !== '' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
