import { UsageError } from '../../core/errors.ts';
import { readNamedSettings, type KnownSettings, type NumberRange } from '../../core/settings.ts';

/**
 * How many of the distractors' tools, 0..1, are to be such as are confused with the task's own. `near`: of servers like one of its
 * own, `clash`: with the name of one of its own tools.
 */
export interface ToolShare {
  readonly kind: 'near' | 'clash';
  readonly part: number;
}

/** What the user asked for: `--tools 300?near=0.2&seed=2`. */
export interface DistractorRequest {
  readonly asked: string;
  /** Fewest tools of a toolspace, those of the task's own servers included. */
  readonly tools: number;
  /** Absent: as they are drawn. */
  readonly share?: ToolShare;
  /** Tells one draw from another. */
  readonly seed: number;
}

const wholeOrPart: NumberRange = { least: 0, most: 1, isWhole: false };

/** `-1`: not asked for. */
const known = {
  defaults: { near: -1, clash: -1, seed: 1 },
  choices: {},
  ranges: { near: wholeOrPart, clash: wholeOrPart, seed: { least: 1, most: 2 ** 31 - 1, isWhole: true } },
} satisfies KnownSettings;

/** Reads `N`, `N?near=SHARE&seed=N` or `N?clash=SHARE&seed=N`. Throws `UsageError`. */
export function readRequest(asked: string): DistractorRequest {
  const { name, settings, set } = readNamedSettings(asked, known);
  const tools = Number(name);
  if (!Number.isInteger(tools) || tools < 1)
    throw new UsageError(
      `--tools ${asked}: "${name}" is no number of tools. Give a whole number of at least 1, for example 300 or 300?near=0.2.`,
    );
  const { near, clash } = set;
  if (near !== undefined && clash !== undefined)
    throw new UsageError(
      `--tools ${asked}: give near or clash, not both. A server with a tool called like one of the task's own is near already.`,
    );
  const share: ToolShare | undefined =
    near !== undefined
      ? { kind: 'near', part: near }
      : clash !== undefined
        ? { kind: 'clash', part: clash }
        : undefined;
  return { asked, tools, seed: settings.seed, ...(share ? { share } : {}) };
}
