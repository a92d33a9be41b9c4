import { expect, it } from 'vitest';
import { driftOf } from '../../reports/gate/tasks/drift.ts';
import type { ServerRecord, TasksRecord } from '../../reports/gate/tasks/record.ts';
import { recordOfWords, taskOfWord } from './tasks-record.ts';

const before = recordOfWords(['1']);
const notes = before.servers['notes'] as ServerRecord;
const [read, list] = notes.tools as [ServerRecord['tools'][number], ServerRecord['tools'][number]];
const withTools = (tools: ServerRecord['tools']): Partial<TasksRecord> => ({ servers: { notes: { ...notes, tools } } });
const task = (change: Parameters<typeof taskOfWord>[2]): Partial<TasksRecord> => ({
  tasks: [taskOfWord('task-1', '1', change)],
});
const prompt = 'You carry out tasks.\nAnswer in one word.\nServers:\n- notes';

it.each<[string, Partial<TasksRecord>, readonly string[]]>([
  [
    'The description of the tool read_note of server notes changed',
    withTools([{ ...read, description: 'Text of one note.' }, list]),
    ['- Text of a note.', '+ Text of one note.'],
  ],
  [
    'The schema of the tool read_note of server notes changed',
    withTools([
      { ...read, inputSchema: { type: 'object', properties: { title: { type: 'integer' }, page: {} }, required: [] } },
      list,
    ]),
    [
      '- properties.title.type: "string"',
      '+ properties.title.type: "integer"',
      '- required.0: "title"',
      '+ properties.page: {}',
      '+ required: []',
    ],
  ],
  [
    'The output schema of the tool read_note of server notes changed',
    withTools([{ ...read, outputSchema: { type: 'object' } }, list]),
    ['+ type: "object"'],
  ],
  [
    'The title of the tool read_note of server notes changed',
    withTools([{ ...read, title: 'Read' }, list]),
    ['+ "Read"'],
  ],
  [
    'The annotations of the tool read_note of server notes changed',
    withTools([{ ...read, annotations: { readOnlyHint: true } }, list]),
    ['+ readOnlyHint: true'],
  ],
  ['The tool list_notes of server notes was removed', withTools([read]), ['- list_notes']],
  [
    'The tool constructor of server notes was added',
    withTools([read, list, { ...list, name: 'constructor' }]),
    ['+ constructor'],
  ],
  [
    'The order of the tools of server notes changed',
    withTools([list, read]),
    ['- read_note, list_notes', '+ list_notes, read_note'],
  ],
  ['The server clock was added', { servers: { notes, clock: { package: 'clock', tools: [] } } }, ['+ clock']],
  ['The prompt of the task task-1 changed', task({ prompt: 'Do it all.' }), ['- Do task-1.', '+ Do it all.']],
  [
    'The checks of the task task-1 changed',
    task({ checks: ['the final answer is 41'], parts: { checks: 'x', start: 's', plan: 'p', limits: 'l' } }),
    ['- the final answer is 40', '+ the final answer is 41'],
  ],
  [
    'The servers, files or set-up calls of the task task-1 changed',
    task({ parts: { checks: 'c', start: 'x', plan: 'p', limits: 'l' } }),
    ['- SHA-256 s', '+ SHA-256 x'],
  ],
  [
    'The system prompt of task-1 changed',
    { ...task({ system: 's2' }), systems: { s2: prompt } },
    ['+ Answer in one word.'],
  ],
  ['The policy or model changed', { policy: 'ollama:qwen3:8b' }, ['- "ollama:qwen3:4b"', '+ "ollama:qwen3:8b"']],
  [
    'The files of the model ollama:qwen3:4b changed',
    { policyFiles: ['f'.repeat(64)] },
    ['- SHA-256 none', '+ SHA-256 ffffffffffff'],
  ],
  ['The execution changed', { execution: 'programs' }, ['- "calls"', '+ "programs"']],
  ['The view changed', { view: 'eager' }, ['- "tool"', '+ "eager"']],
  [
    'The limits in tokens changed',
    { limits: { contextTokens: 8000, resultTokens: 4000 } },
    ['- contextTokens: 31000', '+ contextTokens: 8000'],
  ],
])('%s', (what, change, difference) => {
  expect(driftOf(before, before)).toEqual([]);
  const found = driftOf(before, { ...before, ...change });
  expect(found.map((one) => one.what)).toEqual([what]);
  expect([...(found[0]?.difference ?? [])].sort()).toEqual([...difference].sort());
});

const long = (word: string) => ({ ...read, description: `${'so '.repeat(300)}${word}${' and so on'.repeat(300)}` });

it('shows of a long line the part in which the difference begins', () => {
  const [drift] = driftOf(
    { ...before, ...withTools([long('old'), list]) },
    { ...before, ...withTools([long('new'), list]) },
  );
  expect(drift?.difference).toHaveLength(2);
  expect(drift?.difference[0]).toMatch(/^- ….*old and so on.*…$/);
  expect(drift?.difference[1]).toMatch(/^\+ ….*new and so on.*…$/);
  expect(drift?.difference.every((line) => line.length < 260)).toBe(true);
});
