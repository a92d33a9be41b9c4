import { argumentsType, declarationsOf } from '../../core/declarations/declarations.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { TokenCounter } from '../../core/tokens/counter.ts';
import { openingMessages } from '../../core/tokens/messages.ts';
import { pythonJson, systemMessage, toolsText } from '../../core/tokens/template.ts';
import type { Tool } from '../../core/types.ts';
import type { FormName, Naming } from './form-names.ts';

/** How a list of tools is written for a model. */
export interface Form {
  readonly about: string;
  /** Tokens of the whole list. */
  readonly size: (tools: readonly Tool[], counter: TokenCounter) => number;
  /** How a tool's name or description stands in it, and how its parameters do. */
  readonly text: (part: string) => string;
  readonly parameters: (schema: JsonObject) => string;
}

const compact = (value: Json): string => JSON.stringify(value);

const partsIn = (json: (value: Json) => string): Pick<Form, 'text' | 'parameters'> => ({
  // Without the quotation marks around it.
  text: (part) => json(part).slice(1, -1),
  parameters: json,
});

const jsonForm = (about: string, list: (tools: readonly Tool[]) => object): Form => ({
  about,
  ...partsIn(compact),
  size: (tools, { count }) => (tools.length === 0 ? 0 : count(JSON.stringify(list(tools)))),
});

/** Who writes tools how; what stands in no form (titles, annotations, output schemas) is sent to no model. */
export const forms = {
  openai: jsonForm('the function list of OpenAI’s chat completions, which most local servers take too', (tools) =>
    tools.map(({ name, description, inputSchema }) => ({
      type: 'function',
      function: { name, description, parameters: inputSchema },
    })),
  ),
  responses: jsonForm('the function list of OpenAI’s responses', (tools) =>
    tools.map(({ name, description, inputSchema }) => ({
      type: 'function',
      name,
      description,
      parameters: inputSchema,
    })),
  ),
  anthropic: jsonForm('the tools of Anthropic’s messages', (tools) =>
    tools.map(({ name, description, inputSchema }) => ({ name, description, input_schema: inputSchema })),
  ),
  gemini: jsonForm('the function declarations of Gemini', (tools) => [
    {
      functionDeclarations: tools.map(({ name, description, inputSchema }) => ({
        name,
        description,
        parametersJsonSchema: inputSchema,
      })),
    },
  ]),
  mcp: jsonForm('the list as the servers give it, with titles, annotations and output schemas', (tools) =>
    tools.map(({ name, title, description, inputSchema, outputSchema, annotations }) => ({
      name,
      title,
      description,
      inputSchema,
      outputSchema,
      annotations,
    })),
  ),
  template: {
    about: 'by the model’s own chat template, else Qwen3’s: what a prompt grows by with the tools',
    ...partsIn(pythonJson),
    size: templateSize,
  },
  declarations: {
    about: 'TypeScript declarations with doc comments, for a model that calls tools from code',
    text: (part) => part,
    parameters: argumentsType,
    size: (tools, { count }) => count(declarationsOf(tools)),
  },
} as const satisfies Readonly<Record<FormName, Form>>;

function templateSize(tools: readonly Tool[], { count, template }: TokenCounter): number {
  if (tools.length === 0) return 0;
  const metaTools = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  if (!template) {
    const without = systemMessage('', []).replace(toolsText([]), '');
    return count(systemMessage('', metaTools)) - count(without);
  }
  const messages = openingMessages({ system: '', metaTools, prompt: '' }, template);
  const bare = openingMessages({ system: '', metaTools: [], prompt: '' }, { takesTools: true });
  return template.promptTokens(messages, template.takesTools ? metaTools : []) - template.promptTokens(bare, []);
}

/** What clients make of a tool's name. */
export const namings = {
  tool: ({ name }) => name,
  server__tool: ({ server, name }) => `${server}__${name}`,
  mcp__server__tool: ({ server, name }) => `mcp__${server}__${name}`,
} as const satisfies Readonly<Record<Naming, (tool: Pick<Tool, 'server' | 'name'>) => string>>;
