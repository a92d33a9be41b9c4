import { messageOf, PolicyFailure, UsageError } from '../errors.ts';
import type { PromptTemplate } from '../tokens/counter.ts';
import { openingMessages, withAnswers, writtenMessage } from '../tokens/messages.ts';
import type { ChatTemplate } from './chat-template.ts';
import type { ChatMessage } from './model-client.ts';

const tool = { name: 'seek', description: 'Looks for a word.', inputSchema: { type: 'object', properties: {} } };
const said = { system: 'You look for words.', prompt: 'Where does it stand?', result: 'It stands in line seven.' };

/**
 * A model's template as prompts are counted by it. What it has a place for is tried on a short conversation, as servers do
 * that fall back to plain text. Throws `UsageError` where it can write none.
 */
export function promptTemplate(
  { takesTools, render }: ChatTemplate,
  promptTokens: (text: string) => number,
  path: string,
): PromptTemplate {
  let failure: unknown;
  const shapes = [true, false].flatMap((tools) =>
    [asItIs, systemInUser].map((write) => ({ takesTools: tools, write })),
  );
  for (const shape of shapes) {
    if (shape.takesTools && !takesTools) continue;
    try {
      const text = render(shape.write(conversationIn(shape)), shape.takesTools ? [tool] : [], true);
      // Some leave the system prompt out once there are results: then it is not sent.
      const lacks = [said.prompt, said.result, tool.name].filter((part) => !text.includes(part));
      if (lacks.length === 0) {
        return {
          takesTools: shape.takesTools,
          promptTokens: (messages, tools) => promptTokens(render(shape.write(messages), tools, true)),
        };
      }
      failure ??= new Error(`it leaves out ${JSON.stringify(lacks[0])}`);
    } catch (error) {
      if (!(error instanceof PolicyFailure)) throw error;
      failure ??= error;
    }
  }
  throw new UsageError(
    `The chat template of ${path} cannot write a conversation with tools (${messageOf(failure)}). Count by its ` +
      'tokenizer.json alone, whose prompts Qwen3’s template writes.',
    { cause: failure },
  );
}

type Messages = readonly ChatMessage[];

const asItIs = (messages: Messages): Messages => messages;

/** For templates that refuse a system message: it stands in front of the first one of the user. */
function systemInUser(messages: Messages): Messages {
  const [system, user, ...rest] = messages;
  if (system?.role !== 'system' || user?.role !== 'user') return messages;
  return [{ ...user, content: `${system.content}\n\n${user.content}` }, ...rest];
}

function conversationIn(shape: Pick<PromptTemplate, 'takesTools'>): Messages {
  const opening = openingMessages({ ...said, metaTools: [tool] }, shape);
  const call = writtenMessage({ calls: [{ action: { name: tool.name, arguments: {} } }] }, shape, 0);
  return withAnswers([...opening, call], call, [said.result]);
}
