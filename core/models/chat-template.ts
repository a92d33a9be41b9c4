import { Template } from '@huggingface/jinja';
import { messageOf, PolicyFailure, UsageError } from '../errors.ts';
import { generationPrompt } from '../tokens/template.ts';
import type { MetaTool } from '../types.ts';
import type { ChatMessage, ModelCall } from './model-client.ts';
import { renderedMessage } from './prompt-tokens.ts';

/** How a model's conversation is written as text. */
export interface ChatTemplate {
  readonly takesTools: boolean;
  /** The whole conversation; with `isOpen` up to where the assistant writes next. */
  readonly render: (messages: readonly ChatMessage[], tools: readonly MetaTool[], isOpen: boolean) => string;
  /** What the end of a turn may be written as. */
  readonly ends: readonly string[];
}

/** Texts of a model's special tokens; null where it has none. */
export interface SpecialTexts {
  readonly begin: string | null;
  /** End of the sequence, and of a turn. */
  readonly ends: readonly string[];
}

/**
 * A Jinja template as transformers renders it: same variables, Python's JSON, `{% generation %}` marks passed over.
 * `where` is for sentences. Throws `UsageError` for a template that cannot be read.
 */
export function jinjaTemplate(source: string, special: SpecialTexts, where: string): ChatTemplate {
  let template: Template;
  try {
    template = new Template(source);
  } catch (error) {
    throw new UsageError(`The chat template ${where} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
  const render: ChatTemplate['render'] = (messages, tools, isOpen) => {
    try {
      return template.render({
        messages: messages.map(templateMessage),
        ...(tools.length > 0 ? { tools: tools.map(templateTool) } : {}),
        add_generation_prompt: isOpen,
        bos_token: special.begin ?? '',
        eos_token: special.ends[0] ?? '',
      });
    } catch (error) {
      throw new PolicyFailure(`The chat template ${where} refuses the conversation: ${messageOf(error)}.`, {
        cause: error,
      });
    }
  };
  return { takesTools: /\btools\b/.test(source), render, ends: special.ends };
}

/** The transcript that the token ledger counts, for a model that brings no template of its own. */
export const ledgerTemplate: ChatTemplate = {
  takesTools: true,
  render: (messages, tools, isOpen) =>
    messages.map((message) => renderedMessage(message, tools)).join('') + (isOpen ? generationPrompt : ''),
  ends: ['<|im_end|>'],
};

/**
 * What the template writes after the reply to `earlier`, whose end `ends` marks: first what follows that mark, then the
 * newer messages up to where the assistant writes next. Whatever the template makes of earlier turns is passed over, since
 * they stay as they were drawn. `earlier` must end with the assistant's message.
 */
export function continuation(
  template: ChatTemplate,
  earlier: readonly ChatMessage[],
  newer: readonly ChatMessage[],
  tools: readonly MetaTool[],
): { readonly end: string; readonly text: string } {
  const before = template.render(earlier, tools, false);
  const [end = ''] = template.ends
    .filter((one) => before.includes(one))
    .toSorted((a, b) => before.lastIndexOf(b) - before.lastIndexOf(a));
  if (end === '') {
    throw new PolicyFailure(
      `The chat template ends the assistant's turn with none of ${template.ends.map((one) => JSON.stringify(one)).join(', ')}: ` +
        'its replies could not be told apart. Use one that does.',
    );
  }
  const whole = template.render([...earlier, ...newer], tools, true);
  let position = 0;
  for (let left = before.split(end).length - 1; left > 0; left--) {
    const found = whole.indexOf(end, position);
    if (found < 0) throw new PolicyFailure('The chat template leaves out earlier messages. Use one that keeps them.');
    position = found + end.length;
  }
  return { end, text: whole.slice(position) };
}

const templateTool = ({ name, description, inputSchema }: MetaTool) => ({
  type: 'function',
  function: { name, description, parameters: inputSchema },
});

function templateMessage({ role, content, reasoning, calls, answers }: ChatMessage) {
  return {
    role,
    content,
    ...(reasoning ? { reasoning_content: reasoning } : {}),
    ...(calls ? { tool_calls: calls.map(templateCall) } : {}),
    ...(answers ? { name: answers.name, tool_call_id: answers.id } : {}),
  };
}

const templateCall = ({ id, name, arguments: args }: ModelCall) => ({
  id,
  type: 'function',
  function: { name, arguments: args ?? {} },
});
