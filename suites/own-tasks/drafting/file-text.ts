import { Document, isMap, isScalar, isSeq } from 'yaml';
import { readableText } from '../../../core/visible-text.ts';
import type { Tool } from '../../../core/types.ts';
import type { OwnTask } from '../format.ts';
import { isToComplete } from '../gaps.ts';

/** A server's tasks, and its tools as the comment above the first of them names them. */
export interface DraftedServer {
  readonly server: string;
  readonly tools: readonly Tool[];
  readonly tasks: readonly OwnTask[];
}

/** What stands above the keys of the first example, so that nobody needs the guide to complete one. */
const help: Readonly<Record<string, string>> = {
  prompt: 'What the policy is asked. It sees only this and the tools; everything below is for checking.',
  servers:
    'The servers that are available. `files` or `folders` say what they start with, `setUp` which calls are made first. ' +
    'Give each task its own `files`: otherwise it starts with a copy of your real ones, and changes when they do.',
  checks:
    'All of these must be true at the end. `called`: the tool was used. `result`: the same call, made at the end, returns this value, so that ' +
    'a server with another value is noticed. `answer`: what the policy says. Other checks: `file`, `neverCalled`, `unchanged`, `script` ' +
    '(docs/own-tasks.md).',
  plan: 'Calls that solve the task. `tasks check` carries them out, to prove that it can be solved.',
};

/** A task file as YAML, with comments that say what is to be done with it. `head`: lines of the comment at its top. */
export function draftedFileText(servers: readonly DraftedServer[], head: readonly string[]): string {
  const tasks = servers.flatMap((one) => one.tasks);
  const document = new Document({ tasks }, { aliasDuplicateObjects: false });
  document.commentBefore = head.map((line) => ` ${line}`).join('\n');
  const list = document.get('tasks');
  if (!isSeq(list)) throw new TypeError('a task file without tasks');
  const firstOf = new Map(servers.map(({ tasks: [first], ...one }) => [first, one]));
  const firstExample = tasks.find(isToComplete);
  for (const [index, task] of tasks.entries()) {
    const node = list.items[index];
    if (!isMap(node)) continue;
    node.spaceBefore = index > 0;
    const offered = node.get('servers');
    if (isSeq(offered)) offered.flow = true;
    const server = firstOf.get(task);
    if (server) node.commentBefore = toolLines(server);
    if (task !== firstExample) continue;
    for (const { key } of node.items) {
      const line = isScalar(key) ? help[String(key.value)] : undefined;
      if (isScalar(key) && line !== undefined) key.commentBefore = ` ${line}`;
    }
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

const mostTools = 40;
const longestTool = 160;

function toolLines({ server, tools }: Pick<DraftedServer, 'server' | 'tools'>): string {
  const lines = tools.slice(0, mostTools).map(({ name, description, inputSchema }) => {
    const { properties, required } = inputSchema;
    const needed = Array.isArray(required) ? required : [];
    const parameters = Object.keys(typeof properties === 'object' && properties !== null ? properties : {}).map(
      (one) => `${one}${needed.includes(one) ? '' : '?'}`,
    );
    const line = readableText(`${name}(${parameters.join(', ')}): ${description}`).replaceAll(/\s+/g, ' ');
    return `   ${line.length > longestTool ? `${line.slice(0, longestTool)}…` : line}`;
  });
  const rest = tools.length - lines.length;
  return [` Server ${server} has the tools`, ...lines, ...(rest > 0 ? [`   and ${rest} more.`] : [])].join('\n');
}
