import { isProgram } from '../execution.ts';
import type { Decision, MetaTool, Observation, View } from '../types.ts';
import { qwen3Counter, type TokenCounter } from './counter.ts';
import { cutObservation } from './cut-observation.ts';
import type { Ledger, LedgerOptions } from './ledger-types.ts';
import { ledgerRow } from './ledger-row.ts';
import { addSchemas, schemaTokens } from './schema-tokens.ts';
import { makeTemplateLedger } from './template-ledger.ts';
import {
  assistantMessage,
  generationPrompt,
  systemMessage,
  toolCallText,
  toolMessage,
  userMessage,
} from './template.ts';

export type { Ledger, LedgerOptions } from './ledger-types.ts';

/** Counts an episode's prompt by source; the sources add up to the prompt exactly. */
export function makeLedger(options: LedgerOptions): Ledger {
  const { counter = qwen3Counter } = options;
  return counter.template
    ? makeTemplateLedger(options, counter, counter.template)
    : makeTranscriptLedger(options, counter);
}

/**
 * Counts message by message on the rendered Qwen3 transcript. Results and the view's own words are cut to both budgets;
 * schemas are never cut, since half a schema is no loaded tool: one that does not fit ends the episode as `context`.
 */
function makeTranscriptLedger(options: LedgerOptions, counter: TokenCounter): Ledger {
  const opening = countOpening(options, counter);
  const wrapping = wrappingOf(counter);
  let { prompt } = opening;
  const { system } = opening;
  const schemas: Record<string, number> = { ...opening.schemas };
  let results = 0;
  let history = opening.user;
  let code = 0;

  /** Replies with thinking since the user's last message, with their tokens. */
  let thoughtful: { readonly reply: string; readonly tokens: number; readonly isCode: boolean }[] = [];

  const take: Ledger['take'] = async (decision, observations, user) => {
    const written = decision.text ?? decision.calls.map(({ action }) => toolCallText(action)).join('\n');
    const writtenTokens = await counter.countInSlices(written, options.signal);
    // the model ends its turn by one special token
    const output = writtenTokens + 1;
    const row = ledgerRow({ system, schemas, results, history, prompt, output, code });
    const reply = decision.history ?? written;
    const call = isBounded(decision, written)
      ? writtenTokens + wrapping.call()
      : await counter.countInSlices(assistantMessage(reply), options.signal);
    const isCode = isProgram(decision);
    if (isCode) code += call;
    else history += call;
    prompt += call;
    if (reply.includes('</think>')) thoughtful.push({ reply, tokens: call, isCode });
    const kept: Observation[] = [];
    for (const observation of observations) kept.push(await takeResult(observation, kept.length > 0));
    if (user !== undefined) {
      const said = await counter.countInSlices(userMessage(user), options.signal);
      history += said;
      prompt += said;
      await takeThinking();
    }
    return { observations: kept, row };
  };

  /** Tokens that go as the user says more: the template shows the thinking of those turns alone that follow. */
  const takeThinking = async (): Promise<void> => {
    for (const { reply, tokens: whole, isCode } of thoughtful) {
      const tokens = whole - (await counter.countInSlices(assistantMessage(withoutThinking(reply)), options.signal));
      if (isCode) code -= tokens;
      else history -= tokens;
      prompt -= tokens;
    }
    thoughtful = [];
  };

  /** Results of one turn share a message: what follows the first costs what the message grows by. */
  const takeResult = async (observation: Observation, isFurther: boolean): Promise<Observation> => {
    const shared = isFurther ? wrapping.sharedByResults() : 0;
    const whole = (await counter.countInSlices(toolMessage(observation.text), options.signal)) - shared;
    const inSchemas = schemaTokens(observation, counter.count);
    const budget = options.resultTokens + inSchemas + wrapping.result() - shared;
    const limit = Math.min(budget, options.contextTokens - prompt);
    const isKept = observation.source === 'schemas' || whole <= limit;
    const kept = isKept
      ? observation
      : await cutObservation(
          observation,
          { whole, limit: limit + shared, sizeOf: (text) => counter.count(toolMessage(text)) },
          counter,
          options.signal,
        );
    const tokens = isKept ? whole : counter.count(toolMessage(kept.text)) - shared;
    prompt += tokens;
    const ofSchemas = kept.source === 'schemas' ? tokens : Math.min(inSchemas, tokens);
    if (kept.source === 'schemas' || ofSchemas > 0) addSchemas(schemas, kept, ofSchemas, counter.count);
    if (kept.source === 'results') results += tokens - ofSchemas;
    else if (kept.source === 'history') history += tokens;
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
const splitSystems = new WeakMap<readonly MetaTool[], Map<string, Map<string, SplitSystem>>>();
const mostSplitSystems = 256;

/** The generation prompt is booked under `system`, as the template's own scaffold. */
function countOpening(options: LedgerOptions, counter: TokenCounter): Opening {
  const split = splitOf(options, counter);
  const user = counter.count(userMessage(options.prompt));
  const system = split.system + counter.count(generationPrompt);
  const schemas = Object.values(split.schemas).reduce((sum, tokens) => sum + tokens, 0);
  return { system, schemas: split.schemas, user, prompt: system + schemas + user };
}

function splitOf({ system, metaTools, schemas }: LedgerOptions, counter: TokenCounter): SplitSystem {
  const systems = splitSystems.get(metaTools) ?? new Map<string, Map<string, SplitSystem>>();
  splitSystems.set(metaTools, systems);
  // A long prompt is the same string episode after episode: looked up by itself it is not read again.
  let splits = systems.get(system);
  if (!splits) {
    if (systems.size >= mostSplitSystems) systems.clear();
    systems.set(system, (splits = new Map()));
  }
  const parts = schemas.map(({ server, text }) => `${server} ${text.length}`);
  const key = [...parts, ...(counter.source ? [counter.source.hash] : [])].join('\u0000');
  let split = splits.get(key);
  if (split === undefined) {
    splits.set(key, (split = splitSystem(systemMessage(system, metaTools), schemas, counter)));
  }
  return split;
}

/** A part's tokens are what the message's beginning grows by with the part, so that the parts add up to the whole. */
function splitSystem(message: string, parts: View['schemas'], counter: TokenCounter): SplitSystem {
  const schemas: Record<string, number> = {};
  let position = 0;
  let inSchemas = 0;
  for (const { server, text } of parts) {
    const start = message.indexOf(text, position);
    if (start < 0) throw new Error(`the schemas of ${server} are not a part of the view's system prompt`);
    position = start + text.length;
    // Other tokenizers are slower, and a long beginning would be counted twice a part.
    const tokens = counter.source
      ? counter.count(text)
      : counter.count(message.slice(0, position)) - counter.count(message.slice(0, start));
    schemas[server] = (schemas[server] ?? 0) + tokens;
    inSchemas += tokens;
  }
  return { system: counter.count(message) - inSchemas, schemas };
}

const wrappingOf = ({ count }: TokenCounter) => ({
  call: () => count(assistantMessage('')),
  result: () => count(toolMessage('')),
  sharedByResults: () => 2 * count(toolMessage('')) - count(toolMessage('', '')),
});

const withoutThinking = (reply: string): string => (reply.split('</think>').at(-1) ?? '').replace(/^\n+/, '');

/** A call that we rendered begins and ends with special tokens: its count does not hang on what stands around it. */
const isBounded = ({ text }: Decision, written: string) => text === undefined && !written.includes('</think>');
