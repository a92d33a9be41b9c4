import type { LedgerRow } from '../trajectory.ts';
import type { Decision, MetaTool, Observation, View } from '../types.ts';
import { countTokens, cutToTokens } from './qwen3.ts';
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
}

export interface Ledger {
  /** Tokens of the whole prompt that the policy would get now, generation prompt included. */
  readonly nextPromptTokens: () => number;
  /** The next prompt is longer than the context: the episode is truncated. */
  readonly exceeds: () => boolean;
  /** Books one turn: the row tells the prompt before the decision, the observation comes back cut to the budgets. */
  readonly take: (
    decision: Decision,
    observation: Observation,
  ) => { readonly observation: Observation; readonly row: LedgerRow };
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

  const take: Ledger['take'] = (decision, observation) => {
    const written = decision.text ?? toolCallText(decision.action);
    // the model ends its turn by one special token
    const output = countTokens(written) + 1;
    const row: LedgerRow = { system, schemas: { ...schemas }, results, history, prompt, output };
    const call = countTokens(assistantMessage(written));
    history += call;
    prompt += call;
    const kept = observation.source === 'schemas' ? observation : cutToBudgets(observation, options, prompt);
    const tokens = countTokens(toolMessage(kept.text));
    prompt += tokens;
    if (kept.source === 'schemas') schemas[kept.server] = (schemas[kept.server] ?? 0) + tokens;
    else if (kept.source === 'results') results += tokens;
    else history += tokens;
    return { observation: kept, row };
  };
  return { nextPromptTokens: () => prompt, exceeds: () => prompt > options.contextTokens, take };
}

interface Opening {
  readonly system: number;
  readonly schemas: Readonly<Record<string, number>>;
  readonly user: number;
  readonly prompt: number;
}

/** System prompts of a thread, split by source; a run has few, and an eager one takes milliseconds to split. */
const splitSystems = new Map<string, Omit<Opening, 'user' | 'prompt'>>();
const mostSplitSystems = 256;

/** The generation prompt is booked under `system`, as the template's own scaffold. */
function countOpening(options: LedgerOptions): Opening {
  const message = systemMessage(options.system, options.metaTools);
  const key = [message, ...options.schemas.map(({ server, text }) => `${server} ${text.length}`)].join('\u0000');
  let split = splitSystems.get(key);
  if (split === undefined) {
    if (splitSystems.size >= mostSplitSystems) splitSystems.clear();
    split = splitSystem(message, options.schemas);
    splitSystems.set(key, split);
  }
  const user = countTokens(userMessage(options.prompt));
  const system = split.system + countTokens(generationPrompt);
  const schemas = Object.values(split.schemas).reduce((sum, tokens) => sum + tokens, 0);
  return { system, schemas: split.schemas, user, prompt: system + schemas + user };
}

/** A part's tokens are what the message's beginning grows by with the part, so that the parts add up to the whole. */
function splitSystem(message: string, parts: View['schemas']): Omit<Opening, 'user' | 'prompt'> {
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

const wrapping = () => countTokens(toolMessage(''));
const mark = (cutTokens: number): string => `\n[… ${cutTokens} tokens cut …]`;

function cutToBudgets(observation: Observation, options: LedgerOptions, promptTokens: number): Observation {
  const limit = Math.min(options.resultTokens + wrapping(), options.contextTokens - promptTokens);
  const whole = countTokens(toolMessage(observation.text));
  if (whole <= limit) return observation;
  let room = limit - countTokens(toolMessage(mark(whole)));
  for (;;) {
    const { text, cutTokens } = cutToTokens(observation.text, Math.max(0, room));
    const marked = text + mark(cutTokens);
    const excess = countTokens(toolMessage(marked)) - limit;
    // With no room even for the mark the prompt exceeds the context, and the episode ends there.
    if (excess <= 0 || text === '') return { ...observation, text: marked, cutTokens };
    room -= excess;
  }
}
