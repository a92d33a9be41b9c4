import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { shownPath } from '../../core/shown-path.ts';
import { parse } from 'yaml';
import type { TaskFile } from '../../suites/own-tasks/format.ts';
import { completion, fakeServer } from '../models/fake-server.ts';
import { taskFolder } from '../suites/own-tasks-files.ts';
import { clientFile, tool } from './listed-servers.ts';
import { isWhole } from '../whole.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';

const { folder: scripts } = taskFolder();

/** A folder with a client's file of servers, which differ from test to test, since a process knows a name once; and the words that have `init` write into it. */
function workspace(names: readonly string[] = ['own']) {
  const folder = temporaryFolder();
  const file = join(folder, 'mcp.json');
  const own = { command: process.execPath, args: [join(scripts, 'server.mjs')] };
  writeFileSync(file, JSON.stringify({ mcpServers: Object.fromEntries(names.map((name) => [name, own])) }));
  const [out, workflow] = [join(folder, 'tasks.yaml'), join(folder, 'gate.yml')];
  const init = (...more: readonly string[]) => toolstone('init', file, '--out', out, '--workflow', workflow, ...more);
  return { folder, file, out, workflow, init, tasks: () => (parse(readFileSync(out, 'utf8')) as TaskFile).tasks };
}

test('a file of examples says what is to be written, and so does the check of it; nothing is written over unasked', async () => {
  const { folder, file, out, workflow, init } = workspace();
  const searched = {
    properties: { query: { type: 'string', description: 'What to\nlook for.' }, most: { type: 'integer', minimum: 2 } },
  };
  const schema = { inputSchema: { type: 'object', ...searched, required: ['query', 'most'] } };
  clientFile(folder, {
    shop: { tools: [tool('delete_all', 'Deletes.'), { ...tool('search', 'Finds goods.'), ...schema }] },
    down: {},
  });
  const made = await init();
  expect(made.code, made.stderr).toBe(0);
  expect(made.stderr).toMatch(/Server down did not start/);
  expect(made.stdout).toContain(`1 example to be completed.\n${workflow}: plays the tasks`);
  const text = readFileSync(out, 'utf8');
  expect(text).toContain('#   search(query, most): Finds goods.\n');
  expect((parse(text) as TaskFile).tasks).toEqual([
    {
      id: 'shop-search',
      prompt: expect.stringMatching(/^<TODO: .*>$/) as string,
      servers: ['shop'],
      checks: [
        { called: { server: 'shop', tool: 'search' } },
        {
          result: { server: 'shop', tool: 'search', arguments: { query: '<TODO: query: What to look for.>', most: 2 } },
          contains: '<TODO: the value that search must return>',
        },
        { answer: { contains: expect.stringMatching(/^<TODO: .*>$/) as string } },
      ],
      plan: [{ server: 'shop', tool: 'search', arguments: { query: '<TODO: query: What to look for.>', most: 2 } }],
      answer: expect.stringMatching(/^<TODO: .*>$/) as string,
    },
  ]);
  const [task, servers] = [shownPath(out), shownPath(file)];
  const source = readFileSync(new URL('../../docs/examples/ci/toolstone-gate.yml', import.meta.url), 'utf8');
  expect(readFileSync(workflow, 'utf8')).toBe(
    source
      .replaceAll(/^#.*/gm, (line) => line.replace('own-tasks.yaml', task))
      .replaceAll(/(npx .*?)own-tasks\.yaml/g, `$1${task} --servers ${servers}`),
  );

  const again = await init();
  expect([again.code, again.stderr]).toEqual([
    2,
    expect.stringMatching(/tasks\.yaml and .*gate\.yml are already there\..*--force/),
  ]);
  expect(readFileSync(out, 'utf8')).toBe(text);

  const checked = await toolstone('tasks', 'check', out, '--servers', file);
  expect(checked.code, checked.stderr).toBe(1);
  expect(checked.stdout).toMatch(
    /^to be completed: shop-search\n {7}line \d+: prompt: still has a placeholder\. What belongs here: ask[^\n]*\n[^]*line \d+: plan\[0\]\.arguments\.query: [^]*\nThe task still has to be completed: replace each <TODO: …>/m,
  );
  const run = await toolstone('run', '--policy', 'no-op', '--tasks', out, '--servers', file);
  expect([run.code, run.stderr]).toEqual([
    2,
    expect.stringMatching(/tasks\.yaml:\d+: tasks\[0\]\.prompt: still has a placeholder/),
  ]);
}, 60_000);

async function refused(...words: readonly string[]): Promise<string> {
  const { code, stderr } = await toolstone('init', ...words, '--no-workflow');
  expect(code, stderr).toBe(2);
  return stderr;
}

test('what is no source of servers is refused in a sentence', async () => {
  const { folder, file } = workspace();
  expect(await refused(file, '--out', join(folder, 'tasks.json'))).toMatch(/must end in \.yaml/);
  expect(await refused(file, file, '--out', join(folder, 'a.yaml'))).toMatch(/Name one configuration file at a time/);
  expect(await refused(join(folder, 'b.yaml'), '--out', join(folder, 'a.yaml'))).toMatch(
    /is not the configuration file of an MCP client/,
  );
  expect(await refused('--out', join(folder, 'a.yaml'))).toMatch(/There is no mcp\.json, \.mcp\.json.* here/);
  expect(await refused(file, '--policy', 'retrieval', '--out', join(folder, 'a.yaml'))).toMatch(
    /is no model that could be asked/,
  );
  expect(existsSync(join(folder, 'a.yaml'))).toBe(false);
}, 60_000);

const prompt = 'Write “done” into the file a.txt.';
const file = { path: 'a.txt' };
const write = (text: string) => [{ tool: 'write', arguments: { path: 'a.txt', text } }];
const isDone = [{ file, equals: 'done' }];
const drafts = [
  { id: 'good', prompt, plan: write('done'), checks: isDone },
  {
    id: 'told',
    prompt: 'How high is the oak?',
    plan: [{ tool: 'json', arguments: {} }],
    answer: '12',
    checks: [{ answer: { number: 12 } }],
  },
  { id: 'idle', prompt, plan: write('done'), checks: [{ result: { tool: 'json' }, contains: 'oak' }] },
  { id: 'wrong', prompt, plan: write('other'), checks: isDone },
  { id: 'program', prompt, plan: write('done'), checks: [{ script: ['sh', '-c', 'touch /tmp/planted'] }] },
  { id: 'planless', prompt, checks: isDone },
  { id: 'nameless', prompt, plan: [{ tool: 'wrote', arguments: {} }], checks: isDone },
  { id: 'unfit', prompt, plan: [{ tool: 'read', arguments: {} }], checks: isDone },
  { id: 'shapeless', prompt, plan: write('done') },
  { id: 'elsewhere', prompt, plan: [{ server: 'filesystem', tool: 'write_file', arguments: {} }], checks: isDone },
  { id: 'strange', prompt, plan: write('done'), checks: isDone, folders: { own: '/etc' } },
  'no task',
];

/** An endpoint of OpenAI's form that answers for servers in their order, a preflight apart. */
const endpoint = (replies: readonly (string | number)[]) => {
  let asked = 0;
  return fakeServer(({ path, body }) => {
    if (path.endsWith('/models')) return { body: { data: [{ id: 'tiny' }] } };
    if (body.max_tokens === 1) return { body: completion({ content: 'x' }) };
    const reply = replies[asked++] ?? '';
    return typeof reply === 'number'
      ? { status: reply, body: { error: 'gone' } }
      : { body: completion({ content: reply }) };
  });
};

test('drafts of a model are kept where their plan passes and doing nothing fails; what is dropped is said with the reason', async () => {
  await using server = await endpoint([
    `\`\`\`json\n${JSON.stringify({ tasks: drafts })}\n\`\`\``,
    'I would rather not.',
  ]);
  vi.stubEnv('OPENAI_BASE_URL', `${server.url}/v1`);
  const { init, tasks, out, file: servers } = workspace(['shelf', 'other']);
  const { code, stdout, stderr } = await init('--policy', 'openai:tiny', '--drafts', '11');
  expect(code, stderr).toBe(0);
  const asked = server.requests.filter(({ body }) => body !== null && body.max_tokens > 1);
  expect(asked.map(({ body }) => body.messages[1].content)).toEqual([
    expect.stringMatching(
      /^SERVER: shelf\n[^]*\{"name":"read","description":"Tool read","inputSchema":[^]*Write 11 different tasks/,
    ),
    expect.stringContaining('SERVER: other'),
  ]);
  const reasons: Readonly<Record<string, RegExp>> = {
    idle: /Doing nothing passes/,
    wrong: /checks\[0\] fails after the plan\. Expected: file a\.txt of shelf says "done"/,
    program: /it has a check that runs a program/,
    planless: /It has no plan/,
    nameless: /Server shelf offers no tool "wrote"/,
    unfit: /these are not what shelf\.read takes: arguments must have required property 'path'/,
    shapeless: /"checks" is missing|must have .*checks|checks/,
    elsewhere: /"filesystem" is none of the task's servers/,
    strange: /it has a key "folders", which a drafted task may not have/,
  };
  for (const [id, reason] of Object.entries(reasons)) {
    const line = stdout.split('\n').find((one) => one.startsWith(`shelf: the draft "${id}" was dropped: `)) ?? '';
    expect(line, stdout).toMatch(reason);
  }
  expect(stdout).toContain('shelf: 1 more than the 11 that were asked for was dropped unseen.');
  expect(stdout).toMatch(/^Server other has no draft: the reply is no JSON object: "I would rather not\."\.$/m);
  expect(stdout).toMatch(/tasks\.yaml: 2 tasks drafted and played, 1 example to be completed\.\n/);
  expect(stdout).not.toContain(scripts);
  const [good, told, example] = tasks();
  expect(good).toMatchObject({ id: 'shelf-good', servers: ['shelf'], plan: [{ server: 'shelf', tool: 'write' }] });
  expect(told).toMatchObject({ id: 'shelf-told', answer: '12' });
  expect(example?.servers).toEqual(['other']);
  const checked = await toolstone('tasks', 'check', out, '--servers', servers);
  expect(checked.stdout).toMatch(/^sound {2}shelf-good\nUNGUARDED shelf-told\n[^]*to be completed: other-/);
}, 120_000);

test.runIf(isWhole)(
  'a ceiling holds before the model is asked, and an endpoint that goes down loses nothing that was kept',
  async () => {
    const good = JSON.stringify({ tasks: [drafts[0]] });
    await using server = await endpoint([good, 401, good]);
    vi.stubEnv('OPENAI_BASE_URL', `${server.url}/v1`);
    const low = workspace(['low', 'lower']);
    const none = await low.init('--policy', 'openai:tiny', '--total-tokens', '500');
    expect([none.code, none.stdout]).toEqual([
      3,
      expect.stringMatching(
        /^Server low has no draft: a ceiling was reached, of 500 tokens 0 are used[^]*Server lower was not asked for: a ceiling[^]*2 examples to be completed/,
      ),
    ]);
    expect(server.requests.some(({ body }) => body !== null && body.max_tokens > 1)).toBe(false);

    const high = workspace(['high', 'higher', 'highest']);
    const { code, stdout, stderr } = await high.init('--policy', 'openai:tiny');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      /Server higher has no draft: the model gave no reply\. The endpoint at .* refuses the key \(401: gone\).* valid one\.\n/,
    );
    expect(stdout).toMatch(/Server highest was not asked for: the model gave no reply/);
    expect(high.tasks().map(({ id }) => id)).toEqual([
      'high-good',
      expect.stringMatching(/^higher-/),
      expect.stringMatching(/^highest-/),
    ]);
  },
  120_000,
);
