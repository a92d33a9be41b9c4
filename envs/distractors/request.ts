import { UsageError } from '../../core/errors.ts';
import { readNamedSettings, type KnownSettings } from '../../core/settings.ts';

/** What the user asked for: `--tools 300?near=0.2&seed=2`. */
export interface DistractorRequest {
  readonly asked: string;
  /** Fewest tools of a toolspace, those of the task's own servers included. */
  readonly tools: number;
  /** Share of the distractors' tools whose servers are like one of the task's own; absent: as they are drawn. */
  readonly near?: number;
  /** Tells one draw from another. */
  readonly seed: number;
}

/** `-1`: not asked for. */
const known = {
  defaults: { near: -1, seed: 1 },
  choices: {},
  ranges: { near: { least: 0, most: 1, isWhole: false }, seed: { least: 1, most: 2 ** 31 - 1, isWhole: true } },
} satisfies KnownSettings;

/** Reads `N` or `N?near=SHARE&seed=N`. Throws `UsageError`. */
export function readRequest(asked: string): DistractorRequest {
  const { name, settings, set } = readNamedSettings(asked, known);
  const tools = Number(name);
  if (!Number.isInteger(tools) || tools < 1)
    throw new UsageError(
      `--tools ${asked}: "${name}" is no number of tools. Give a whole number of at least 1, for example 300 or 300?near=0.2.`,
    );
  return { asked, tools, seed: settings.seed, ...(set.near === undefined ? {} : { near: settings.near }) };
}
