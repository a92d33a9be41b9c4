import { Template } from '@huggingface/jinja';
import { assert, property } from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { countTokens } from '../../core/tokens/qwen3.ts';
import {
  assistantMessage,
  generationPrompt,
  systemMessage,
  toolCallText,
  toolMessage,
  userMessage,
} from '../../core/tokens/template.ts';
import { conversation, type Conversation } from './conversation.ts';
import { chatTemplate, slowIds } from './slow-tokenizer.ts';

/** Oracle: the tokenizer's own Jinja template under an independent engine. */
const template = new Template(chatTemplate);

function rendered({ system, metaTools, prompt, turns }: Conversation): string {
  return template.render({
    tools: metaTools.map(({ name, description, inputSchema }) => ({
      type: 'function',
      function: { name, description, parameters: inputSchema },
    })),
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: prompt },
      ...turns.flatMap(({ decision: { calls, text }, observations }) => [
        text === undefined
          ? {
              role: 'assistant',
              content: '',
              tool_calls: calls.map(({ action }) => ({ type: 'function', function: action })),
            }
          : { role: 'assistant', content: text },
        ...observations.map((observation) => ({ role: 'tool', content: observation.text })),
      ]),
    ],
    add_generation_prompt: true,
  });
}

const messages = ({ system, metaTools, prompt, turns }: Conversation): string[] => [
  systemMessage(system, metaTools),
  userMessage(prompt),
  ...turns.flatMap(({ decision: { calls, text }, observations }) => [
    assistantMessage(text ?? calls.map(({ action }) => toolCallText(action)).join('\n')),
    toolMessage(...observations.map((observation) => observation.text)),
  ]),
  generationPrompt,
];

test('our messages joined are what the template renders, and their token counts add up to its count', () => {
  assert(
    property(conversation, (one) => {
      const parts = messages(one);
      const whole = rendered(one);
      expect(parts.join('')).toBe(whole);
      const sum = parts.reduce((total, part) => total + countTokens(part), 0);
      expect(sum, 'tokens').toBe(slowIds(whole).length);
    }),
    { numRuns: 400 },
  );
});

/** By Python's Jinja; `make-golden.py` writes them. */
const replies = JSON.parse(readFileSync(new URL('template.golden.json', import.meta.url), 'utf8')) as {
  readonly reply: string;
  readonly rendered: string;
}[];

test.each(replies)('a past assistant message: $reply', ({ reply, rendered: expected }) => {
  expect(assistantMessage(reply)).toBe(expected);
});
