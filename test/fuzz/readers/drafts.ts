import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../../core/errors.ts';
import { draftsIn } from '../../../suites/own-tasks/drafting/reply.ts';
import { readTaskFile } from '../../../suites/own-tasks/read.ts';
import type { Reader } from '../reader.ts';

const call = { tool: 'write_file', arguments: { path: '/world/filesystem/a.txt', content: 'x' } };
const tasks = [
  {
    id: 'one',
    prompt: 'Write “x” into a.txt.',
    files: { 'b.txt': 'y' },
    setUp: [call],
    plan: [call],
    answer: 'done',
    checks: [
      { file: { path: 'a.txt' }, equals: 'x' },
      { result: { tool: 'read_text_file', arguments: {} }, contains: 'x' },
      { called: { tool: 'write_file' } },
      { answer: { contains: 'done' } },
    ],
  },
  { id: 'two', prompt: 'Say 40.', plan: [], answer: '40', checks: [{ answer: { number: 40 } }] },
];
const text = JSON.stringify({ tasks });

/** Tasks that a model drafts, as far as task files are read without a server. */
export default {
  share: 5,
  inputs: [
    { 'reply.txt': { form: 'json', text } },
    { 'reply.txt': { form: 'text', text: `<think>\nHm.\n</think>\n\`\`\`json\n${text}\n\`\`\`` } },
  ],
  read: (files, folder) => {
    for (const bytes of files.values()) {
      const drafts = draftsIn({ text: bytes.toString(), finishReason: 'stop' }, 'filesystem');
      if (typeof drafts === 'string') throw new UsageError(`No draft: ${drafts}.`);
      for (const draft of drafts) {
        if ('fault' in draft) throw new UsageError(`${draft.id}: ${draft.fault}`);
        const path = join(folder, 'draft.json');
        writeFileSync(path, JSON.stringify({ tasks: [draft.task] }));
        const { file } = readTaskFile(path);
        if (file.tasks.some(({ servers }) => servers.join() !== 'filesystem'))
          throw new Error('a draft on another server');
        if (file.tasks.some(({ checks }) => checks.some((check) => 'script' in check))) throw new Error('a program');
      }
    }
  },
} satisfies Reader;
