import type { TaskRecord, TasksRecord } from '../../reports/gate/tasks/record.ts';
import type { TasksReference } from '../../reports/gate/tasks/reference.ts';

/** Invented play of own tasks: each task passed as its word says, e.g. `110` twice of three times, `-` void. */
export const recordOfWords = (words: readonly string[], change: Partial<TasksRecord> = {}): TasksRecord => ({
  suite: 'garden@0123456789ab',
  policy: 'ollama:qwen3:4b',
  policyFiles: [],
  view: 'tool',
  limits: { contextTokens: 31_000, resultTokens: 4000 },
  toolstone: '0.1.0',
  servers: {
    notes: {
      package: 'own server node',
      tools: [
        {
          name: 'read_note',
          description: 'Text of a note.',
          inputSchema: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] },
        },
        { name: 'list_notes', description: 'Titles of all notes.', inputSchema: { type: 'object', properties: {} } },
      ],
    },
  },
  systems: { s1: 'You carry out tasks.\nServers:\n- notes' },
  tasks: words.map((word, index) => taskOfWord(`task-${index + 1}`, word)),
  ...change,
});

export const taskOfWord = (name: string, word: string, change: Partial<TaskRecord> = {}): TaskRecord => ({
  id: `garden/own/test/${name}`,
  prompt: `Do ${name}.`,
  system: 's1',
  checks: ['the final answer is 40'],
  parts: { checks: 'c', start: 's', plan: 'p', limits: 'l' },
  passed: word.split('').map((one) => (one === '-' ? null : one === '1')),
  ...change,
});

export const referenceOfWords = (words: readonly string[], change: Partial<TasksRecord> = {}): TasksReference => ({
  kind: 'own-tasks',
  version: 1,
  reason: 'first numbers',
  ...recordOfWords(words, change),
});
