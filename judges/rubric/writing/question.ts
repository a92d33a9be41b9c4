import { readFileSync } from 'node:fs';
import type { ChatMessage } from '../../../core/models/model-client.ts';
import type { Category, WrittenForm } from '../../../core/reward-types.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Task, Tool } from '../../../core/types.ts';
import { nameOrQuoted, neutral } from '../../language/neutral.ts';
import { atlasForm } from '../rubric.ts';
import { toolsText } from './tools-text.ts';

/** Most criteria of a free rubric. */
const mostCriteria = 20;
/** Characters of a description: in a reply that is checked, and in one that an endpoint is held to. */
const [longest, longestHeld] = [600, 300];

/** What a model is asked, from prompt file, task, tools and, where asked for, the reference plan. */
export function messagesOf(
  task: Task,
  tools: readonly Tool[],
  { form, withSolution, toolTokens }: { form: WrittenForm; withSolution: boolean; toolTokens: number },
): ChatMessage[] {
  const [system = '', user = ''] = promptOf(form).split('\n---\n');
  const values: Readonly<Record<string, string>> = {
    request: requestOf(task),
    tools: toolsText(tools, toolTokens),
    solution: withSolution ? solutionOf(task) : '',
    form: forms[form],
  };
  // In one pass, so that nothing filled in is filled again.
  const filled = user.replace(/\{(\w+)\}/g, (hole, name: string) => values[name] ?? hole);
  return [
    { role: 'system', content: system.trim() },
    { role: 'user', content: filled.trim() },
  ];
}

/** The prompt file's text. */
export const promptOf = (form: WrittenForm): string => readFileSync(new URL(`./${form}.md`, import.meta.url), 'utf8');

/** All that the user says, a line each. */
const requestOf = ({ prompt, messages }: Task): string =>
  (messages?.map(({ text }) => text) ?? [prompt]).map(quoted).join('\nTHEN: ');

const quoted = (text: string): string => JSON.stringify(neutral(text));

function solutionOf({ plan, answer, messages }: Task): string {
  const calls = plan.map(
    (call, index) =>
      `${index + 1}. ${nameOrQuoted(call.server)}.${nameOrQuoted(call.tool)} ${neutral(JSON.stringify(call.arguments))}`,
  );
  const answers = (messages?.map((message) => message.answer) ?? [answer]).filter((one) => one !== '');
  const opening = 'ONE GOOD SOLUTION (others may be as good)';
  const lines = answers.map((one) => `ANSWER: ${quoted(one)}`);
  return ['', opening, ...calls, ...lines, 'END OF SOLUTION', ''].join('\n');
}

const counts = Object.entries(atlasForm) as [Category, number][];

const forms: Readonly<Record<WrittenForm, string>> = {
  atlas: `{${counts.map(([category, count]) => `"${category}": [${count} times {"description": "one sentence", "weight": 1 to 10}]`).join(', ')}}`,
  free: `{"criteria": [{"category": "${counts.map(([category]) => category).join('" or "')}", "description": "one sentence", "weight": 1 to 10, or -10 to -1 for a fault}, ...]}`,
};

/** JSON Schema of the reply. An endpoint is held to short descriptions of plain characters, lest a small model never ends. */
export function replySchema(form: WrittenForm, isHeld: boolean): JsonObject {
  const description: JsonObject = isHeld
    ? { type: 'string', pattern: `^[^"\\\\\\n\\t]{1,${longestHeld}}$` }
    : { type: 'string', minLength: 1, maxLength: longest };
  if (form === 'atlas') {
    const criterion = objectSchema({ description, weight: { type: 'integer', minimum: 1, maximum: 10 } });
    return objectSchema(
      Object.fromEntries(
        counts.map(([category, count]) => [
          category,
          { type: 'array', items: criterion, minItems: count, maxItems: count },
        ]),
      ),
    );
  }
  const category = { enum: counts.map(([name]) => name) };
  const weight = { type: 'integer', minimum: -10, maximum: 10 };
  const criterion = objectSchema({ category, description, weight });
  return objectSchema({ criteria: { type: 'array', items: criterion, minItems: 1, maxItems: mostCriteria } });
}

const objectSchema = (properties: JsonObject): JsonObject => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
