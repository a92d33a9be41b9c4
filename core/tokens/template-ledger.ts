import { PolicyFailure } from '../errors.ts';
import { isProgram } from '../execution.ts';
import type { ChatMessage } from '../models/model-client.ts';
import type { Observation } from '../types.ts';
import type { PromptTemplate, TokenCounter } from './counter.ts';
import { cutObservation } from './cut-observation.ts';
import type { Ledger, LedgerOptions } from './ledger-types.ts';
import { ledgerRow } from './ledger-row.ts';
import { answersToAll, openingMessages, withAnswers, withUser, writtenMessage } from './messages.ts';
import { addSchemas, schemaTokens } from './schema-tokens.ts';
import { toolCallText, toolsText } from './template.ts';

/**
 * Counts whole prompts as the model's own template writes them. A source is booked with what the prompt grows by as its text
 * is appended. Where that makes the template drop something of earlier turns, such as their thinking, the history shrinks:
 * the sources add up to the prompt exactly.
 */
export function makeTemplateLedger(options: LedgerOptions, counter: TokenCounter, template: PromptTemplate): Ledger {
  const { metaTools, contextTokens, resultTokens, signal } = options;
  const size = (messages: readonly ChatMessage[]) =>
    template.promptTokens(messages, template.takesTools ? metaTools : []);
  let messages = openingMessages(options, template);
  let prompt = size(messages);
  const schemas = schemasOf(options, counter);
  let history = prompt - size(openingMessages({ ...options, prompt: '' }, template));
  let results = 0;
  let code = 0;
  const system = prompt - history - sum(schemas);
  let calls = 0;

  const take: Ledger['take'] = async (decision, observations, user) => {
    signal?.throwIfAborted();
    const written = decision.text ?? decision.calls.map(({ action }) => toolCallText(action)).join('\n');
    // the model ends its turn by one special token
    const output = (await counter.countInSlices(written, signal)) + 1;
    const row = ledgerRow({ system, schemas, results, history, prompt, output, code });
    const assistant = writtenMessage(decision, template, calls);
    calls += decision.calls.length;
    messages = [...messages, assistant];
    const sizeWith = (texts: readonly string[]) => {
      try {
        return size(withAnswers(messages, assistant, texts));
      } catch (error) {
        // Some templates want a result for every call.
        const all = answersToAll(assistant, texts);
        if (!(error instanceof PolicyFailure) || all.length === texts.length) throw error;
        return size(withAnswers(messages, assistant, all));
      }
    };
    const sizeOfCall = sizeWith([]);
    if (isProgram(decision)) code += sizeOfCall - prompt;
    else history += sizeOfCall - prompt;
    prompt = sizeOfCall;
    const kept: Observation[] = [];
    for (const observation of observations) {
      const before = kept.map(({ text }) => text);
      kept.push(await takeResult(observation, (text) => sizeWith([...before, text])));
    }
    messages = withAnswers(
      messages,
      assistant,
      kept.map(({ text }) => text),
    );
    if (user !== undefined) {
      messages = withUser(messages, user);
      const said = size(messages) - prompt;
      history += said;
      prompt += said;
    }
    return { observations: kept, row };
  };

  const takeResult = async (observation: Observation, sizeWith: (text: string) => number): Promise<Observation> => {
    const empty = sizeWith('');
    const frame = empty - prompt;
    const whole = await wholeSize(observation.text, empty, sizeWith);
    const inSchemas = schemaTokens(observation, counter.count);
    const limit = Math.min(resultTokens + inSchemas, contextTokens - empty);
    const isKept = observation.source === 'schemas' || whole <= limit;
    const kept = isKept
      ? observation
      : await cutObservation(observation, { whole, limit, sizeOf: (text) => sizeWith(text) - empty }, counter, signal);
    const tokens = (isKept ? whole : sizeWith(kept.text) - empty) + Math.max(0, frame);
    history += Math.min(0, frame);
    prompt = empty + tokens - Math.max(0, frame);
    const ofSchemas = kept.source === 'schemas' ? tokens : Math.min(inSchemas, tokens);
    if (kept.source === 'schemas' || ofSchemas > 0) addSchemas(schemas, kept, ofSchemas, counter.count);
    if (kept.source === 'results') results += tokens - ofSchemas;
    else if (kept.source === 'history') history += tokens;
    return kept;
  };

  /** What a text adds to the prompt; of a long one, which is cut anyhow, its own tokens. */
  const wholeSize = async (text: string, empty: number, sizeWith: (text: string) => number): Promise<number> => {
    if (text.length > longTextLength) {
      const tokens = await counter.countInSlices(text, signal);
      if (tokens > resultTokens) return tokens;
    }
    return sizeWith(text) - empty;
  };
  return { nextPromptTokens: () => prompt, exceeds: () => prompt > contextTokens, take };
}

/** In UTF-16 units. */
const longTextLength = 100_000;

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, tokens) => total + tokens, 0);

function schemasOf({ system, metaTools, schemas }: LedgerOptions, counter: TokenCounter): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { server, text } of schemas) {
    if (!system.includes(text) && !toolsText(metaTools).includes(text))
      throw new Error(`the schemas of ${server} are not a part of the view's system prompt`);
    counts[server] = (counts[server] ?? 0) + counter.count(text);
  }
  return counts;
}
