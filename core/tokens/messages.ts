import type { ChatMessage, ModelCall } from '../models/model-client.ts';
import type { Decision } from '../types.ts';
import type { PromptTemplate } from './counter.ts';
import type { LedgerOptions } from './ledger-types.ts';
import { toolCallText, toolsText } from './template.ts';

type Shape = Pick<PromptTemplate, 'takesTools'>;

/** System prompt and task, as a server sends them through a template of that shape. */
export function openingMessages(
  { system, metaTools, prompt }: Pick<LedgerOptions, 'system' | 'metaTools' | 'prompt'>,
  { takesTools }: Shape,
): ChatMessage[] {
  return [
    { role: 'system', content: takesTools ? system : system + toolsText(metaTools) },
    { role: 'user', content: prompt },
  ];
}

/** What later prompts show of a decision. `before`: calls of earlier turns. */
export function writtenMessage(decision: Decision, { takesTools }: Shape, before: number): ChatMessage {
  const { calls, lost, callsInText, history, text } = decision;
  const actions = calls.map(({ action }) => action);
  const whole = history ?? text ?? actions.map(toolCallText).join('\n');
  const { reasoning, content } = thinkingApart(whole);
  const isText = !takesTools || lost !== undefined || callsInText === true;
  if (isText) return { role: 'assistant', content, ...(reasoning === '' ? {} : { reasoning }) };
  const modelCalls = actions.map(({ name, arguments: args }, index): ModelCall => {
    return { id: callId(before + index), name, arguments: args, source: JSON.stringify(args) };
  });
  const said = withoutCalls(content);
  return { role: 'assistant', content: said, ...(reasoning === '' ? {} : { reasoning }), calls: modelCalls };
}

/** The messages with results of the last one's calls behind it; where these stood in its text, as text too. */
export function withAnswers(
  messages: readonly ChatMessage[],
  { calls }: ChatMessage,
  texts: readonly string[],
): ChatMessage[] {
  if (calls) {
    const answers = texts.flatMap((content, index): ChatMessage[] => {
      const call = calls[index];
      return call ? [{ role: 'tool', content, answers: call }] : [];
    });
    return [...messages, ...answers];
  }
  if (texts.length === 0) return [...messages];
  const content = texts.map((text) => `<tool_response>\n${text}\n</tool_response>`).join('\n');
  return [...messages, { role: 'user', content }];
}

/** The messages with one more of the user's; results that stand as text share it, since many templates want roles in turn. */
export function withUser(messages: readonly ChatMessage[], text: string): ChatMessage[] {
  const last = messages.at(-1);
  if (last?.role !== 'user') return [...messages, { role: 'user', content: text }];
  return [...messages.slice(0, -1), { ...last, content: `${last.content}\n\n${text}` }];
}

/** Results of all calls of a message, those that are not there yet without a text. */
export const answersToAll = ({ calls = [] }: ChatMessage, texts: readonly string[]): readonly string[] => [
  ...texts,
  ...calls.slice(texts.length).map(() => ''),
];

/** Nine letters and digits: there are templates that refuse all others. */
const callId = (number: number): string => `call${String(number).padStart(5, '0')}`;

function thinkingApart(text: string): { readonly reasoning: string; readonly content: string } {
  const end = text.indexOf('</think>');
  if (!text.startsWith('<think>') || end < 0) return { reasoning: '', content: text };
  return {
    reasoning: text.slice('<think>'.length, end).replace(/^\n+|\n+$/g, ''),
    content: text.slice(end + '</think>'.length).replace(/^\n+/, ''),
  };
}

/** Native calls stand behind the text of a recorded reply. */
function withoutCalls(content: string): string {
  const start = content.indexOf('<tool_call>\n');
  return start < 0 ? content : content.slice(0, start).replace(/\n$/, '');
}
