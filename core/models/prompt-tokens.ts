import { PolicyFailure } from '../errors.ts';
import { countTokens } from '../tokens/qwen3.ts';
import {
  assistantMessage,
  generationPrompt,
  systemMessage,
  toolCallText,
  toolMessage,
  userMessage,
} from '../tokens/template.ts';
import type { MetaTool, Usage } from '../types.ts';
import type { ChatMessage, Sampling } from './model-client.ts';

/** Tokens of a prompt by our own count: the Qwen3 tokenizer and template, whatever the model. */
export function promptTokens(messages: readonly ChatMessage[], tools: readonly MetaTool[]): number {
  return messages.reduce(
    (sum, message) => sum + countTokens(renderedMessage(message, tools)),
    countTokens(generationPrompt),
  );
}

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

/** Refuses a prompt that does not fit beside its reply: Ollama would silently drop the oldest part, the task itself. */
export function refuseTooLong(tokens: number, sampling: Sampling): void {
  const room = sampling.contextTokens - sampling.outputTokens;
  if (tokens <= room) return;
  throw new PolicyFailure(
    `The prompt has ${tokens} tokens (Qwen3 count), more than the ${room} that a context of ${sampling.contextTokens} leaves ` +
      `beside a reply of ${sampling.outputTokens}. Raise the model's context, or lower the limit of the episode's.`,
  );
}

/** Other tokenizers differ from Qwen3 by a third at most on our texts; half of it missing means that the server
 * cut it to its context, or that the model's template renders the last message only. */
const leastShare = 0.5;
/** In shorter prompts the templates' own tokens weigh too much. */
const shortPromptTokens = 256;

/** Refuses a reply to a part of the messages. Schemas do not count: a template may show a tool by its name alone. */
export function refuseSilentCut(messages: readonly ChatMessage[], usage: Usage, endpoint: string): void {
  const tokens = promptTokens(messages, []);
  if (usage.promptTokens === null || tokens <= shortPromptTokens || usage.promptTokens >= leastShare * tokens) return;
  throw new PolicyFailure(
    `${endpoint} read ${usage.promptTokens} prompt tokens of about ${tokens}: it dropped a part without a word. Raise its ` +
      "context length; if that is long enough, the model's template leaves out messages and needs one that does not.",
  );
}
