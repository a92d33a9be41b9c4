import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { parse } from 'yaml';
import { ownServer } from '../../../envs/own-server.ts';
import { readTaskFile } from '../../../suites/own-tasks/read.ts';
import { callsOf, toolFaults } from '../../../suites/own-tasks/servers.ts';
import { tasksOf } from '../../../suites/own-tasks/suite.ts';
import type { TaskFile } from '../../../suites/own-tasks/format.ts';
import type { Input, Reader } from '../reader.ts';

const example = readFileSync(new URL('../../../docs/examples/own-tasks.yaml', import.meta.url), 'utf8');
const { mcpServers, tasks } = parse(example) as TaskFile;
const fixtures: Input = { 'garden/vegetables.txt': { form: 'text', text: 'carrots 40\n', isFixed: true } };

const file = { server: 'filesystem', path: 'a.txt' };
const call = { server: 'filesystem', tool: 'read_text_file' };
/** Every key that a task file may have, on servers of the catalogue alone, so that nothing has to be started. */
const every = {
  $schema: 'schema.json',
  name: 'every',
  summary: 'Every key.',
  tasks: [
    {
      id: 'one',
      prompt: 'Write “x” into a.txt.',
      fuzzy: 'Could you note x?',
      servers: ['filesystem', 'memory', 'sqlite', 'excel', 'dex-tasks'],
      files: { filesystem: { 'a.txt': 'y', 'sub/': '' }, memory: { 'memory.json': '' } },
      folders: { filesystem: 'garden' },
      setUp: [{ ...call, arguments: { path: 'a.txt' } }],
      checks: [
        { name: 'n', file, equals: 'x' },
        { file: { server: 'filesystem', path: 'b.txt' }, absent: true },
        { result: { ...call, arguments: { path: 'a' }, path: '$.a[?@.b == 1]' }, contains: 'x' },
        { answer: { matches: '^x{1,3}$' } },
        { answer: { number: 1, tolerance: 0.5 } },
        { answer: { items: ['a', 'b'] } },
        { called: call },
        { neverCalled: { ...call, arguments: { path: 'a' } } },
        { unchanged: 'filesystem', except: ['a.txt'] },
        { script: ['node', 'a.mjs', '{filesystem}'] },
      ],
      rubric: [{ criterion: 'It is done.', weight: 2, category: 'tool-grounding' }],
      plan: [call, { ...call, arguments: { path: 'a.txt' }, after: [0] }],
      answer: 'x',
      mostTurns: 9,
    },
    {
      id: 'two',
      split: 'validation',
      servers: ['filesystem'],
      messages: ['Hello.', { text: 'Which?', plan: [call, { ...call, after: [0] }], answer: 'x' }],
      checks: [{ answer: { equals: 'x' }, message: 1 }],
    },
  ],
};
const servers = {
  mcpServers: {
    ...mcpServers,
    far: { type: 'http', url: 'https://${USER_NAME:-example}.org/mcp', headers: { Authorization: 'Basic dTpw' } },
    near: {
      type: 'stdio',
      command: '{HERE}/run',
      args: ['{FOLDER}', '${HOME}'],
      env: { API_KEY: '${NOWHERE:-}' },
      callDeadline: 3,
    },
  },
  tasks: tasks.slice(0, 1),
};

/** Task files in every form, their servers' blocks, fixtures and goals; no server is started. */
export default {
  share: 6,
  inputs: [
    { 'tasks.yaml': { form: 'yaml', text: example }, ...fixtures },
    { 'tasks.json': { form: 'json', text: JSON.stringify(every) }, ...fixtures },
    { 'tasks.yml': { form: 'yaml', text: JSON.stringify(every) }, ...fixtures },
    {
      'tasks.jsonl': { form: 'lines', text: `${JSON.stringify({ name: 'l' })}\n${JSON.stringify(every.tasks[0])}\n` },
      ...fixtures,
    },
    { 'tasks.json': { form: 'json', text: JSON.stringify(servers) }, ...fixtures },
  ],
  read: (files, folder) => {
    const name = [...files.keys()].find((path) => extname(path) !== '.txt') ?? '';
    const taskFile = readTaskFile(join(folder, name));
    const { file: read, complain } = taskFile;
    const environment = { HOME: folder, PATH: '/bin:/usr/bin' };
    for (const [server, { block }] of taskFile.blocks) {
      const { definition, faults } = ownServer(server, { block, folder }, { environment, isPlayed: false });
      if (faults.length > 0)
        throw complain(faults.map(({ path, what }) => ({ path: ['mcpServers', server, ...path], what: `${what}.` })));
      definition.arguments({ folder, world: folder } as never);
    }
    const isOwn = (server: string) => Object.hasOwn(read.mcpServers ?? {}, server);
    if (read.tasks.some((task) => task.servers.some(isOwn))) return;
    for (const [index, task] of read.tasks.entries()) callsOf(task, ['tasks', index]);
    toolFaults(read, []);
    tasksOf(taskFile, true);
  },
} satisfies Reader;
