import { PolicyFailure } from '../errors.ts';
import type { MetaTool } from '../types.ts';
import { continuation, type ChatTemplate } from './chat-template.ts';
import type { LocalModel } from './llama-library.ts';
import type { Conversation } from './llama-sequences.ts';
import type { ChatMessage } from './model-client.ts';

/** What a reply is drawn after. */
export interface Next {
  /** Ids new since the last reply. */
  readonly prompt: readonly number[];
  /** What is still to be evaluated, the last id of the last reply first; cut where episodes begin to differ. */
  readonly pieces: readonly (readonly number[])[];
  /** Length of the whole prompt. */
  readonly promptTokens: number;
}

export interface Reply {
  readonly text: string;
  readonly output: readonly number[];
  readonly logProbabilities: readonly number[];
  /** The model ended its turn itself. */
  readonly isEnded: boolean;
  /** What it wrote beyond the end in the very token that completed it. */
  readonly excess: string;
}

/** One conversation as token ids, only ever appended to. */
export interface Transcript {
  readonly conversation: Conversation;
  readonly next: (messages: readonly ChatMessage[], tools: readonly MetaTool[]) => Next;
  /** Books a reply to `next(messages)`. */
  readonly take: (messages: readonly ChatMessage[], next: Next, reply: Reply) => void;
}

export function makeTranscript(model: LocalModel, template: ChatTemplate): Transcript {
  const conversation: Conversation = { batches: [] };
  let last: { readonly messages: number; readonly tokens: number; readonly reply: Reply } | undefined;

  const opening = (messages: readonly ChatMessage[], tools: readonly MetaTool[]): Next => {
    const idsOf = (shown: readonly ChatMessage[]) => withBegin(template.render(shown, tools, true), model);
    const prompt = idsOf(messages);
    // what other prompts have too goes through by itself, so that it can be kept for the next conversation
    const cuts = [() => 0, ({ common = 0 }: ChatMessage) => common].map((commonLength) => {
      const other = messages.map((one) =>
        one.role === 'user' ? { ...one, content: unlike(one, commonLength(one)) } : one,
      );
      return sharedLength(prompt, idsOf(other));
    });
    const pieces = [0, ...cuts]
      .map((start, index) => prompt.slice(start, cuts[index] ?? prompt.length))
      .filter(({ length }) => length > 0);
    return { prompt, pieces, promptTokens: prompt.length };
  };

  const next: Transcript['next'] = (messages, tools) => {
    if (last === undefined) return opening(messages, tools);
    const { reply, tokens } = last;
    const answered = last.messages + 1;
    if (messages[last.messages]?.role !== 'assistant' || messages.length <= answered) {
      throw new PolicyFailure('The messages do not go on from the last reply, which a local conversation must.');
    }
    const { end, text } = continuation(template, messages.slice(0, answered), messages.slice(answered), tools);
    const rest = reply.excess !== '' && text.startsWith(reply.excess) ? text.slice(reply.excess.length) : text;
    const prompt = model.tokenize(reply.isEnded ? rest : end + text);
    const pending = reply.output.slice(-1);
    return { prompt, pieces: [[...pending, ...prompt]], promptTokens: tokens + prompt.length };
  };
  return {
    conversation,
    next,
    take: (messages, { promptTokens }, reply) => {
      last = { messages: messages.length, tokens: promptTokens + reply.output.length, reply };
    },
  };
}

/** The beginning of the sequence stands in the ids once, whether the template writes it or the model wants it. */
function withBegin(text: string, { begin, tokenize }: LocalModel): number[] {
  const ids = tokenize(text);
  return begin && ids[0] !== begin.id ? [begin.id, ...ids] : ids;
}

/** Other content with the same beginning. */
function unlike({ content }: ChatMessage, common: number): string {
  const rest = content.slice(common);
  return content.slice(0, common) + (rest.startsWith('1') ? '2' : '1');
}

function sharedLength(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((id, index) => id !== b[index]);
  return differs < 0 ? a.length : differs;
}
