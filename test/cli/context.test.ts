import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import type { ContextCost } from '../../reports/context/cost.ts';
import type { ContextReport } from '../../reports/context/report.ts';
import { byteTokens, tokenizerFolder } from '../models/small-tokenizer.ts';
import { clientFile, type Listed, tool } from './listed-servers.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';
import { isWhole } from '../whole.ts';

const read = (stdout: string) => JSON.parse(stdout) as ContextReport;

async function costOf(...words: readonly string[]): Promise<ContextCost> {
  const { code, stdout, stderr } = await toolstone('context', ...words, '--json');
  expect(code, stderr).toBe(0);
  return read(stdout);
}

const text = { type: 'string', description: 'What to look for.' };

/** Servers of own names, since those of one thread are known to it for good. */
let made = 0;
function plant(...servers: readonly Listed[]): { readonly file: string; readonly names: readonly string[] } {
  const names = servers.map(() => `planted${made++}`);
  const file = clientFile(temporaryFolder(), Object.fromEntries(servers.map((one, index) => [names[index], one])));
  return { file, names };
}

test.runIf(isWhole)(
  'where a byte is a token, every figure of real servers is a length in bytes',
  async () => {
    const cost = await costOf('time', 'memory', '--tokenizer', tokenizerFolder());
    const { tools } = toolspaceOf(['time', 'memory']);
    const written = tools.map(({ name, description, inputSchema }) => ({
      type: 'function',
      function: { name, description, parameters: inputSchema },
    }));
    expect(cost.total).toBe(byteTokens(JSON.stringify(written)));
    expect(cost.servers.map(({ name }) => name)).toEqual(['time', 'memory']);
    const counted = cost.servers.flatMap((server) => server.tools);
    for (const [index, { name, description, inputSchema }] of tools.entries())
      expect(counted[index], name).toMatchObject({
        name,
        tokens: byteTokens(`,${JSON.stringify(written[index])}`),
        parts: {
          name: byteTokens(name),
          description: byteTokens(JSON.stringify(description)) - 2,
          parameters: byteTokens(JSON.stringify(inputSchema)),
        },
      });
    const sum = cost.servers.reduce((total, { tokens }) => total + tokens, 0);
    expect(sum + cost.frame, 'it adds up').toBe(cost.total);
    expect(cost.forms.openai).toBe(cost.total);
    const anthropic = tools.map(({ name, description, inputSchema }) => ({
      name,
      description,
      input_schema: inputSchema,
    }));
    expect(cost.forms.anthropic).toBe(byteTokens(JSON.stringify(anthropic)));
    const eager = cost.views.find(({ view }) => view === 'eager');
    const schemas = tools.map(({ name, description, inputSchema }) =>
      JSON.stringify({ name, description, inputSchema }),
    );
    expect(eager?.schemas).toBe(byteTokens(schemas.join('\n')) - 1);
    expect(cost.views.map(({ view }) => view)).toEqual([
      'eager',
      'native',
      'search',
      'server',
      'tool',
      'tool, tool names up front',
    ]);
  },
  60_000,
);

test('a form and a way of naming are chosen, and instructions are counted', async () => {
  const { file, names } = plant({ tools: [tool('find', 'Finds.')], instructions: 'Look first.' });
  const cost = await costOf(
    file,
    '--tokenizer',
    tokenizerFolder(),
    '--form',
    'anthropic',
    '--names',
    'mcp__server__tool',
  );
  const [server] = cost.servers;
  expect(server?.instructions).toBe(byteTokens('Look first.'));
  const { inputSchema, ...rest } = tool('find', 'Finds.');
  const written = [{ ...rest, name: `mcp__${names[0]}__find`, input_schema: inputSchema }];
  expect(cost.total).toBe(byteTokens(JSON.stringify(written)) + byteTokens('Look first.'));
  expect(server?.tools[0]?.name, 'told by its own name').toBe('find');
}, 60_000);

test.runIf(isWhole)(
  'a server that does not start is named, and the rest is told',
  async () => {
    const { file, names } = plant({ tools: [tool('find', 'Finds.')] }, {});
    const { code, stdout } = await toolstone('context', file);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^1 tool of 1 server cost \d+ tokens/);
    expect(stdout).toContain(`Not counted, since it did not start: ${names[1]}.`);
    expect(stdout).toContain('there is no database');
    const alone = await toolstone('context', plant({}).file);
    expect([alone.code, alone.stdout]).toEqual([2, '']);
    expect(alone.stderr).toContain('No server started.');
  },
  120_000,
);

test('near-duplicates, clashes, refused names and what nothing is said of are found, and nothing else', async () => {
  const long = 'a'.repeat(60);
  const { file, names } = plant(
    {
      tools: [
        tool('search_notes', 'Searches all notes for a word.', { word: text }),
        tool('readFile', 'Gives the text of one file.'),
        tool('empty', '  ', { path: { type: 'string' } }),
      ],
    },
    {
      tools: [
        tool('find_notes', 'Searches all notes for one word.', { word: text }),
        tool('read_file', 'Draws a picture of the moon.'),
        tool('dotted.name', 'Has a dot.'),
        tool(long, 'Is long.'),
        tool('class', 'Is a keyword.'),
      ],
    },
  );
  const { findings } = await costOf(file);
  const [one, other] = names;
  expect(findings.nearDuplicates).toEqual([
    { share: 0.556, one: { server: one, tool: 'search_notes' }, other: { server: other, tool: 'find_notes' } },
  ]);
  expect(findings.clashes).toEqual([
    {
      kind: 'alike',
      name: 'readfile',
      tools: [
        { server: one, tool: 'readFile' },
        { server: other, tool: 'read_file' },
      ],
    },
  ]);
  const refused = findings.refusedNames.map(({ name, as, by }) => [name, as, by.join(' ')]);
  const python = 'Python trainers (TRL, verifiers)';
  expect(refused).toEqual([
    ['dotted.name', 'tool', `OpenAI Anthropic ${python}`],
    [`${other}__${long}`, 'server__tool', 'OpenAI Anthropic Gemini'],
    ['class', 'tool', python],
  ]);
  expect(findings.withoutDescription).toEqual([{ server: one, tool: 'empty' }]);
  expect(findings.parametersWithoutDescription).toEqual([{ server: one, tool: 'empty', parameters: ['path'] }]);
  expect((await costOf(file, '--alike', '0.7')).findings.nearDuplicates).toEqual([]);
}, 120_000);

const named = (...names: readonly string[]): Listed => ({ tools: names.map((name) => tool(name, 'Works.')) });

test.runIf(isWhole)(
  'the same name on two servers clashes, and so do names that only the servers in front make the same',
  async () => {
    const folder = temporaryFolder();
    const file = clientFile(folder, { joined: named('b__c', 'go'), joined__b: named('c', 'go') });
    const { findings } = await costOf(file);
    expect(findings.clashes.map(({ kind, name }) => [kind, name])).toEqual([
      ['same', 'go'],
      ['joined', 'joined__b__c'],
    ]);
  },
  60_000,
);

test('a budget fails with the tools that would have to go', async () => {
  const { file, names } = plant({ tools: [tool('small', 'Is small.'), tool('large', 'Is large. '.repeat(200))] });
  const { total } = await costOf(file);
  const kept = await toolstone('context', file, '--budget', String(total));
  expect([kept.code, kept.stdout.split('\n')[0]]).toEqual([0, expect.stringContaining('within the budget')]);
  const broken = await toolstone('context', file, '--budget', String(total - 1), '--json');
  expect(broken.code).toBe(1);
  expect(read(broken.stdout).budget).toMatchObject({
    over: 1,
    offenders: [{ server: names[0], tool: 'large' }],
  });
  const shown = await toolstone('context', file, '--budget', '100');
  expect(shown.stdout).toMatch(/over the budget of 100[\s\S]*Over the budget\n.*\n {2}large/);
}, 60_000);

test.runIf(isWhole)(
  'over the budget, a server that did not start changes nothing',
  async () => {
    const { file } = plant({ tools: [tool('find', 'Finds.')] }, {});
    expect((await toolstone('context', file, '--budget', '1')).code).toBe(1);
  },
  60_000,
);

test('--against tells what came, went and changed, even where the tokens stayed the same', async () => {
  const folder = temporaryFolder();
  const earlier = join(folder, 'before.json');
  const before = clientFile(folder, {
    versioned: { tools: [tool('stays', 'Stays.'), tool('goes', 'Goes.'), tool('differs', 'Counts cats.')] },
  });
  writeFileSync(earlier, (await toolstone('context', before, '--json')).stdout);
  expect(read((await toolstone('context', before, '--json', '--against', earlier)).stdout).against).toMatchObject({
    servers: [],
    tools: [],
  });
  // The same server of another version; the first is known to this thread already.
  const cost = JSON.parse(readFileSync(earlier, 'utf8')) as ContextCost;
  const was = JSON.stringify(cost)
    .replace('"goes"', '"came"')
    .replace(/("name":"differs".*?"hash":")\w/, '$1x');
  const changed = join(folder, 'changed.json');
  writeFileSync(changed, was);
  const { code, stdout } = await toolstone('context', before, '--json', '--against', changed);
  expect(code).toBe(0);
  const { against } = read(stdout);
  const tokensOf = (name: string) => cost.servers[0]?.tools.find((one) => one.name === name)?.tokens;
  expect(against?.tools).toEqual([
    { server: 'versioned', tool: 'came', kind: 'removed', before: tokensOf('goes'), after: 0 },
    { server: 'versioned', tool: 'goes', kind: 'added', before: 0, after: tokensOf('goes') },
    { server: 'versioned', tool: 'differs', kind: 'changed', before: tokensOf('differs'), after: tokensOf('differs') },
  ]);
  const markdown = await toolstone('context', before, '--markdown', '--against', changed);
  expect(markdown.stdout).toMatch(/### Against the earlier figures, by tool[\s\S]*\| came \| versioned \| removed \|/);
}, 120_000);

test.runIf(isWhole)(
  'earlier figures that were counted otherwise, or are none, are refused',
  async () => {
    const { file } = plant({ tools: [tool('find', 'Finds.')] });
    const folder = temporaryFolder();
    const earlier = join(folder, 'before.json');
    writeFileSync(earlier, (await toolstone('context', file, '--json')).stdout);
    const other = await toolstone('context', file, '--against', earlier, '--tokenizer', tokenizerFolder());
    expect([other.code, other.stdout]).toEqual([4, '']);
    expect(other.stderr).toContain('by --tokenizer qwen3, and not ');
    const form = await toolstone('context', file, '--against', earlier, '--form', 'gemini');
    expect([form.code, form.stderr]).toEqual([4, expect.stringContaining('by --form openai')]);
    for (const content of [
      '{',
      '[]',
      '{"version":1}',
      '{"version":1,"total":1,"tokenizer":{},"servers":[{}],"notStarted":[]}',
    ]) {
      writeFileSync(earlier, content);
      const { code, stderr } = await toolstone('context', file, '--against', earlier);
      expect([code, stderr], content).toEqual([2, expect.stringContaining('`toolstone context --json`')]);
    }
  },
  60_000,
);

test('what a server says is text to a terminal and to Markdown', async () => {
  const { file } = plant({ tools: [tool('a|b <img>', 'Has marks.')] }, {});
  const { stdout } = await toolstone('context', file, '--markdown');
  expect(stdout).toContain('a\\|b \\<img\\>');
  expect(stdout).toMatch(/^> Not counted, since it did not start: .*/m);
}, 60_000);

test('words that name nothing, and files without servers, are told what would', async () => {
  const folder = temporaryFolder();
  const bare = join(folder, 'bare.json');
  writeFileSync(bare, '{}');
  const half = join(folder, 'half.json');
  writeFileSync(half, '{"mcpServers":{"a":{"args":[]}}}');
  const cases = [
    ['gti', /There is no server "gti". Known servers: calc, /],
    [join(folder, 'none.json'), /none.json cannot be read/],
    [bare, /names no servers/],
    [half, /half.json: a: has neither a `command`/],
  ] as const;
  for (const [word, sentence] of cases) {
    const { code, stderr } = await toolstone('context', word);
    expect([code, stderr], word).toEqual([2, expect.stringMatching(sentence)]);
  }
});

test('a task file gives the servers that it describes and plays on', async () => {
  const { servers } = await costOf('docs/examples/own-tasks.yaml');
  expect(servers.map(({ name }) => name)).toContain('notes');
}, 60_000);
