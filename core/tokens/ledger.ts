import type { LedgerRow } from '../trajectory.ts';
import type { Decision, MetaTool, Observation, View } from '../types.ts';
import { countTokens, countTokensInSlices, cutToTokens } from './qwen3.ts';
import {
  assistantMessage,
  generationPrompt,
  systemMessage,
  toolCallText,
  toolMessage,
  userMessage,
} from './template.ts';

export interface LedgerOptions {
  readonly system: string;
  readonly schemas: View['schemas'];
  readonly metaTools: readonly MetaTool[];
  readonly prompt: string;
  /** Longest rendered prompt, in tokens. */
  readonly contextTokens: number;
  /** Longest result or refusal kept, in tokens of its message beyond the template's own. */
  readonly resultTokens: number;
  /** Ends the count of a long text. */
  readonly signal?: AbortSignal;
}

export interface Ledger {
  /** Tokens of the whole prompt that the policy would get now, generation prompt included. */
  readonly nextPromptTokens: () => number;
  /** The next prompt is longer than the context: the episode is truncated. */
  readonly exceeds: () => boolean;
  /**
   * Books one turn: the row tells the prompt before the decision, the observations come back cut to the budgets. Rejects
   * when `signal` is aborted during the count of a long text; the ledger is of no use then.
   */
  readonly take: (
    decision: Decision,
    observations: readonly Observation[],
  ) => Promise<{ readonly observations: readonly Observation[]; readonly row: LedgerRow }>;
}

/**
 * Counts an episode's prompt by source, message by message, on the rendered Qwen3 transcript. The sources add up to the
 * prompt exactly. Results and the view's own words are cut to both budgets; schemas are never cut, since half a schema
 * is no loaded tool: one that does not fit ends the episode as `context`.
 */
export function makeLedger(options: LedgerOptions): Ledger {
  const opening = countOpening(options);
  let { prompt } = opening;
  const { system } = opening;
  const schemas: Record<string, number> = { ...opening.schemas };
  let results = 0;
  let history = opening.user;

  const take: Ledger['take'] = async (decision, observations) => {
    const written = decision.text ?? decision.calls.map(({ action }) => toolCallText(action)).join('\n');
    const writtenTokens = await countTokensInSlices(written, options.signal);
    // the model ends its turn by one special token
    const row: LedgerRow = { system, schemas: { ...schemas }, results, history, prompt, output: writtenTokens + 1 };
    const call = isBounded(decision, written)
      ? writtenTokens + wrapping.call()
      : await countTokensInSlices(assistantMessage(decision.history ?? written), options.signal);
    history += call;
    prompt += call;
    const kept: Observation[] = [];
    for (const observation of observations) kept.push(await takeResult(observation, kept.length > 0));
    return { observations: kept, row };
  };

  /** Results of one turn share a message: what follows the first costs what the message grows by. */
  const takeResult = async (observation: Observation, isFurther: boolean): Promise<Observation> => {
    const shared = isFurther ? wrapping.sharedByResults() : 0;
    const whole = (await countTokensInSlices(toolMessage(observation.text), options.signal)) - shared;
    const limit = Math.min(options.resultTokens + wrapping.result() - shared, options.contextTokens - prompt);
    const isKept = observation.source === 'schemas' || whole <= limit;
    const kept = isKept ? observation : await cutToLimit(observation, whole, limit + shared, options.signal);
    const tokens = isKept ? whole : countTokens(toolMessage(kept.text)) - shared;
    prompt += tokens;
    if (kept.source === 'schemas') schemas[kept.server] = (schemas[kept.server] ?? 0) + tokens;
    else if (kept.source === 'results') results += tokens;
    else history += tokens;
    return kept;
  };
  return { nextPromptTokens: () => prompt, exceeds: () => prompt > options.contextTokens, take };
}

interface Opening {
  readonly system: number;
  readonly schemas: Readonly<Record<string, number>>;
  readonly user: number;
  readonly prompt: number;
}

type SplitSystem = Omit<Opening, 'user' | 'prompt'>;

/** System prompts of a thread, split by source; a run has few, and an eager one takes milliseconds to split. */
const splitSystems = new WeakMap<readonly MetaTool[], Map<string, SplitSystem>>();
const mostSplitSystems = 256;

/** The generation prompt is booked under `system`, as the template's own scaffold. */
function countOpening(options: LedgerOptions): Opening {
  const split = splitOf(options);
  const user = countTokens(userMessage(options.prompt));
  const system = split.system + countTokens(generationPrompt);
  const schemas = Object.values(split.schemas).reduce((sum, tokens) => sum + tokens, 0);
  return { system, schemas: split.schemas, user, prompt: system + schemas + user };
}

function splitOf({ system, metaTools, schemas }: LedgerOptions): SplitSystem {
  const splits = splitSystems.get(metaTools) ?? new Map<string, SplitSystem>();
  splitSystems.set(metaTools, splits);
  const parts = schemas.map(({ server, text }) => `${server} ${text.length}`);
  const key = parts.length === 0 ? system : [system, ...parts].join('\u0000');
  let split = splits.get(key);
  if (split === undefined) {
    if (splits.size >= mostSplitSystems) splits.clear();
    splits.set(key, (split = splitSystem(systemMessage(system, metaTools), schemas)));
  }
  return split;
}

/** A part's tokens are what the message's beginning grows by with the part, so that the parts add up to the whole. */
function splitSystem(message: string, parts: View['schemas']): SplitSystem {
  const schemas: Record<string, number> = {};
  let position = 0;
  let inSchemas = 0;
  for (const { server, text } of parts) {
    const start = message.indexOf(text, position);
    if (start < 0) throw new Error(`the schemas of ${server} are not a part of the view's system prompt`);
    position = start + text.length;
    const tokens = countTokens(message.slice(0, position)) - countTokens(message.slice(0, start));
    schemas[server] = (schemas[server] ?? 0) + tokens;
    inSchemas += tokens;
  }
  return { system: countTokens(message) - inSchemas, schemas };
}

const wrapping = {
  call: () => countTokens(assistantMessage('')),
  result: () => countTokens(toolMessage('')),
  sharedByResults: () => 2 * countTokens(toolMessage('')) - countTokens(toolMessage('', '')),
};

/** A call that we rendered begins and ends with special tokens: its count does not hang on what stands around it. */
const isBounded = ({ text }: Decision, written: string) => text === undefined && !written.includes('</think>');

const mark = (cutTokens: number): string => `\n[… ${cutTokens} tokens cut …]`;

async function cutToLimit(
  observation: Observation,
  whole: number,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  const textTokens = await countTokensInSlices(observation.text, signal);
  let room = limit - countTokens(toolMessage(mark(whole)));
  for (;;) {
    const { text, cutTokens } = cutToTokens(observation.text, Math.max(0, room), textTokens);
    const marked = text + mark(cutTokens);
    const excess = countTokens(toolMessage(marked)) - limit;
    // With no room even for the mark the prompt exceeds the context, and the episode ends there.
    if (excess <= 0 || text === '') return { ...observation, text: marked, cutTokens };
    room -= excess;
  }
}
