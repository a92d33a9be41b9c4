import { EndpointContextExceeded, PolicyFailure } from '../errors.ts';
import { qwen3Counter, type TokenCounter } from '../tokens/counter.ts';
import {
  assistantMessage,
  generationPrompt,
  systemMessage,
  toolCallText,
  toolMessage,
  userMessage,
} from '../tokens/template.ts';
import type { MetaTool } from '../types.ts';
import type { Usage } from '../usage.ts';
import type { ChatMessage, Sampling } from './model-client.ts';
import { cutVerdict, type PromptReading } from './silent-cut.ts';

/**
 * Tokens of a prompt, of which `messages` hold no more than what is sent. By the Qwen3 tokenizer and template, whatever the
 * model, unless a counter of its own is given.
 */
export function promptTokens(
  messages: readonly ChatMessage[],
  tools: readonly MetaTool[],
  counter: TokenCounter = qwen3Counter,
): number {
  const { template } = counter;
  if (template && (tools.length === 0 || template.takesTools)) {
    try {
      return template.promptTokens(messages, tools);
    } catch (error) {
      if (!(error instanceof PolicyFailure)) throw error;
      // What the template has no place for the endpoint will write in a way of its own.
    }
  }
  return messages.reduce(
    (sum, message) => sum + messageTokens(message, tools, counter),
    counter.count(generationPrompt),
  );
}

const messageTokens = (message: ChatMessage, tools: readonly MetaTool[], { count }: TokenCounter): number =>
  count(renderedMessage(message, tools));

/** A message as the Qwen3 template writes it, which the token ledger counts. */
export function renderedMessage(message: ChatMessage, tools: readonly MetaTool[]): string {
  const { content, calls = [] } = message;
  if (message.role === 'user') return userMessage(content);
  if (message.role === 'tool') return toolMessage(content);
  if (message.role === 'assistant') {
    const thinking = message.reasoning ? `<think>\n${message.reasoning}\n</think>\n\n` : '';
    const written = calls.map((call) => toolCallText({ name: call.name, arguments: call.arguments ?? {} }));
    return assistantMessage(thinking + content + written.join('\n'));
  }
  return tools.length > 0 ? systemMessage(content, tools) : `<|im_start|>system\n${content}<|im_end|>\n`;
}

/** A message as it goes to an endpoint that is not sent the thinking of earlier turns. */
export function withoutThinking(message: ChatMessage): ChatMessage {
  const { reasoning, ...rest } = message;
  return reasoning === undefined ? message : rest;
}

/** Refuses a prompt that does not fit beside its reply: Ollama would silently drop the oldest part, the task itself. */
export function refuseTooLong(tokens: number, sampling: Sampling, { source }: TokenCounter = qwen3Counter): void {
  const room = sampling.contextTokens - sampling.outputTokens;
  if (tokens <= room) return;
  const by = source ? `by ${source.tokenizer}` : 'Qwen3 count';
  throw new EndpointContextExceeded(
    `The prompt has ${tokens} tokens (${by}), more than the ${room} that a context of ${sampling.contextTokens} leaves ` +
      `beside a reply of ${sampling.outputTokens}. Raise the model's context, or lower the limit of the episode's.`,
  );
}

/**
 * Watches the prompts of one conversation: rejects a reply to a part of the messages with `PolicyFailure`, and gives the usage
 * back, marked where it cannot show whether all was read.
 */
export type PromptWatch = (messages: readonly ChatMessage[], usage: Usage) => Usage;

export function watchPrompts(endpoint: string, counter: TokenCounter = qwen3Counter): PromptWatch {
  const earlier: PromptReading[] = [];
  return (messages, usage) => {
    const reading = readingOf(messages, usage, counter);
    const verdict = cutVerdict(reading, earlier);
    earlier.push(reading);
    if (verdict === 'whole') return usage;
    if (verdict !== 'cut') return { ...usage, unclear: verdict };
    throw new PolicyFailure(
      `${endpoint} read ${usage.promptTokens} prompt tokens of about ${reading.sent}: it dropped a part without a word. Raise its ` +
        "context length; if that is long enough, the model's template leaves out messages and needs one that does not.",
    );
  };
}

function readingOf(messages: readonly ChatMessage[], usage: Usage, counter: TokenCounter): PromptReading {
  const counts = messages.map((message) => messageTokens(leastOf(message), [], counter));
  const sent = counts.reduce((sum, tokens) => sum + tokens, counter.count(generationPrompt));
  const thoughts = messages.map((message) => thinkingOf(message)).filter(Boolean);
  const opening = messages.findIndex(({ role }) => role !== 'system');
  const system = counts.slice(0, opening).reduce((sum, tokens) => sum + tokens, 0);
  const { content = '', common = 0 } = messages[opening] ?? {};
  const shared = system + (common > 0 ? counter.count(content.slice(0, common)) : 0);
  const thinking = thoughts.reduce((sum, text) => sum + counter.count(text), 0);
  return { sent, shared, thinking, reported: usage.promptTokens, cached: usage.cachedTokens };
}

function thinkingOf({ role, content, reasoning = '' }: ChatMessage): string {
  if (role !== 'assistant') return '';
  return reasoning + content.slice(0, Math.max(0, content.lastIndexOf('</think>')));
}

/** What every template shows of a message: thinking of earlier turns is dropped by many. */
function leastOf(message: ChatMessage): ChatMessage {
  if (message.role !== 'assistant') return message;
  return { ...withoutThinking(message), content: message.content.split('</think>').at(-1) ?? '' };
}
