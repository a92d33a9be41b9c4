import { array, constant, constantFrom, jsonValue, oneof, record, string, type Arbitrary } from 'fast-check';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Action, Decision, MetaTool, Observation } from '../../core/types.ts';
import { edgeText } from './edge-text.ts';

const json = jsonValue({ maxDepth: 2 }) as Arbitrary<Json>;

const metaTool: Arbitrary<MetaTool> = record({
  name: constantFrom('call_tool', 'load_tools', 'finish'),
  description: edgeText,
  inputSchema: constantFrom<JsonObject>(
    {},
    { type: 'object', properties: { server: { type: 'string' } }, required: ['server'] },
  ),
});

/** White space beside think marks stays out: the engine strips all of it where Python strips newlines only. */
const modelText = oneof(
  edgeText,
  edgeText.map((text) => `<think>\n${text}\n</think>\n\nDone.`),
  constantFrom('<think>\n\n</think>\n\nx', '</think>', 'a</think>b</think>\n\nc'),
).map((text) => (text.includes('</think>') ? text.trim().replaceAll(/\s*(<\/?think>)\s*/g, '$1') : text));

const action: Arbitrary<Action> = record({
  name: constantFrom('call_tool', 'unparsed'),
  arguments: json.map((value) => ({ value })),
});

const observation: Arbitrary<Observation> = record({
  text: edgeText,
  isError: constantFrom(false, true),
  source: constantFrom('schemas', 'results', 'history'),
  server: constantFrom('filesystem', 'memory', ''),
  cutTokens: constantFrom(0),
});

interface Exchange {
  readonly decision: Decision;
  readonly observations: readonly Observation[];
}

/** One call or more, each with its observation; written as a model wrote them, or by us. */
const exchange: Arbitrary<Exchange> = record({
  calls: array(record({ action, observation }), { minLength: 1, maxLength: 3 }),
  text: oneof(modelText, constant(undefined)),
}).map(({ calls: [first, ...rest], text }) => {
  if (!first) throw new RangeError('a decision without a call');
  return {
    decision: {
      calls: [{ action: first.action }, ...rest.map((call) => ({ action: call.action }))],
      ...(text === undefined ? {} : { text }),
    },
    observations: [first, ...rest].map((call) => call.observation),
  };
});

export interface Conversation {
  readonly system: string;
  readonly metaTools: readonly MetaTool[];
  readonly prompt: string;
  readonly turns: readonly Exchange[];
}

/** Whole conversations as episodes make them. */
export const conversation: Arbitrary<Conversation> = record({
  system: edgeText,
  metaTools: array(metaTool, { minLength: 1, maxLength: 3 }),
  prompt: string({ maxLength: 40 }),
  turns: array(exchange, { maxLength: 5 }),
});
