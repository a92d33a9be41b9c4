import { readFileSync } from 'node:fs';
import type { ChatMessage } from '../../../core/models/model-client.ts';
import { countTokens } from '../../../core/tokens/qwen3.ts';
import type { Tool } from '../../../core/types.ts';
import { toolsText } from '../../../judges/rubric/writing/tools-text.ts';

export interface DraftQuestion {
  readonly server: string;
  readonly tools: readonly Tool[];
  /** Tasks to write. */
  readonly count: number;
  /** Whether what the server keeps are files that a task can give and check. */
  readonly keepsFiles: boolean;
  /** Most tokens of the tools, in Qwen3's. */
  readonly toolTokens: number;
}

/** What a model is asked for: a system prompt and the tools with the form of a task. */
export function draftMessages({ server, tools, count, keepsFiles, toolTokens }: DraftQuestion): ChatMessage[] {
  const text = readFileSync(new URL('./prompt.md', import.meta.url), 'utf8');
  const [system = '', user = ''] = text.split('\n---\n');
  const values: Readonly<Record<string, string>> = {
    server,
    tools: schemasText(tools, toolTokens),
    count: `${count}`,
    files: keepsFiles ? ' or "files"' : '',
    filesKey: keepsFiles
      ? `- "files" (optional): texts that lie in the server's folder at the start, {"a.txt": "text"}. In prompt and arguments that folder is /world/${server}.\n`
      : '',
    fileCheck: keepsFiles
      ? '  - {"file": {"path": "a.txt"}, "equals": "text"} (or "contains", or "absent": true): a file in the server\'s folder\n'
      : '',
    orFile: keepsFiles ? ' or "file"' : '',
  };
  // In one pass, so that nothing filled in is filled again.
  const filled = user.replaceAll(/\{(\w+)\}/g, (hole, name: string) => values[name] ?? hole);
  return [
    { role: 'system', content: system.trim() },
    { role: 'user', content: filled.trim() },
  ];
}

/** All that plans must fit, a tool a line; where that is too much, signatures in as much detail as there is room for. */
function schemasText(tools: readonly Tool[], limit: number): string {
  const whole = tools.map(({ name, description, inputSchema }) => JSON.stringify({ name, description, inputSchema }));
  const text = whole.join('\n');
  return countTokens(text) <= limit ? text : toolsText(tools, limit);
}
