import { afterAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import { randomStream, seedOf } from '../../core/seeds.ts';
import type { ToolResult, World, WorldParameters } from '../../core/types.ts';
import { serverDefinition, serverNames } from '../../envs/server-list.ts';
import { describeServer, toolspaceOf } from '../../envs/toolspaces.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { OFFERED, tellLeftOut } from './offered-servers.ts';
import { sampleArguments } from './sample-arguments.ts';

// Some calls copy a folder into itself until its path is too long, which takes a busy machine its time.
const pool = openWorldPool({ lanes: 2, callDeadlineMilliseconds: 60_000 });
afterAll(() => pool.dispose());

/** What a stateful server starts with here, beside its empty state. */
const FILES: Readonly<Record<string, Record<string, string>>> = {
  filesystem: { 'a.md': 'first\n', 'b/c.md': 'second\n' },
  'fast-filesystem': { 'a.md': 'first\n', 'b/c.md': 'second\n' },
  'memory-bank': { 'garden/a.md': 'first\n' },
  obsidian: { 'a.md': '# first\n#plum\n', 'b/c.md': 'see [[a]]\n' },
  git: { 'repo/a.md': 'first\n' },
  excel: { 'book.xlsx': '{"main":[["Ada","plum"],[2,3],["=A2+B2",""]],"plum":[["main"]]}', 'a.md': 'no workbook\n' },
  sqlite: {
    'data.db':
      '{"plum":{"columns":[{"name":"a","type":"TEXT"},{"name":"b","type":"REAL"}],"rows":[["Ada",1],["main",2.5]]}}',
    'a.md': 'a,b\nAda,7\n',
  },
  'shell-commands': { 'a.md': 'first\n' },
  'just-bash': { 'a.md': 'first\n' },
  ripgrep: { 'a.md': 'main\nAda and plum\n', 'b/c.md': 'plum\nplum\n', 'b/a.md': 'main plum\n' },
};

const entity = { entities: [{ name: 'A', entityType: 'b', observations: ['c'] }] };
const file = (server: string) => ({ path: `/world/${server}/new.md`, content: 'x' });

/** Of each server that keeps a state and can change it, a call that does. */
const WRITES: Readonly<Record<string, readonly [tool: string, args: JsonObject]>> = {
  'code-runner': ['run-code', { code: '1', languageId: 'javascript' }],
  'desktop-commander': ['write_file', file('desktop-commander')],
  'dex-tasks': ['create_task', { name: 'A', description: 'b' }],
  drawio: ['new_diagram', { file_path: '/world/drawio/a.drawio.svg' }],
  excel: [
    'excel_write_to_sheet',
    { fileAbsolutePath: '/world/excel/book.xlsx', sheetName: 'new', newSheet: true, range: 'A1:A1', values: [['x']] },
  ],
  'fast-filesystem': ['fast_write_file', file('fast-filesystem')],
  filesystem: ['write_file', file('filesystem')],
  git: ['git_branch', { path: '/world/git/repo', mode: 'create', branchName: 'new' }],
  'just-bash': ['bash', { command: 'echo x >/new.md' }],
  'knowledge-graph': ['create_entities', entity],
  'mcpz-pdf': ['pdf-document', { content: [{ type: 'text', text: 'A' }] }],
  memory: ['create_entities', entity],
  'memory-bank': ['memory_bank_write', { projectName: 'garden', fileName: 'new.md', content: 'x' }],
  'memory-keeper': ['context_save', { key: 'a', value: 'b' }],
  'memory-libsql': ['create_entities', entity],
  obsidian: ['create-note', { vault: 'obsidian', filename: 'new.md', content: 'x' }],
  'ohno-tasks': ['create_task', { title: 'A' }],
  'shell-commands': ['run_command', { command: 'echo x >new.md' }],
  'shrimp-tasks': [
    'split_tasks',
    {
      updateMode: 'append',
      tasksRaw:
        '[{"name":"A","description":"Long enough to be taken","implementationGuide":"Do it well","dependencies":[]}]',
    },
  ],
  sqlite: ['create_table', { name: 'made', columns: [{ name: 'a', type: 'TEXT' }] }],
  'task-orchestrator': ['manage_container', { operation: 'create', containerType: 'project', name: 'A', summary: 'b' }],
};

test('a writing call is known of each server that keeps a state', () => {
  // `ripgrep` only reads.
  const stateful = serverNames.filter((name) => serverDefinition(name).facts !== null && name !== 'ripgrep');
  expect(Object.keys(WRITES).sort()).toEqual(stateful);
});

/** A call of every offered tool, arguments drawn from its schema: the same for the same server and salt. */
async function callEverything(world: World, server: string, salt: number): Promise<ToolResult[]> {
  const random = randomStream(seedOf(server, salt));
  const results: ToolResult[] = [];
  for (const tool of world.toolspace.tools) {
    results.push(await world.call(server, tool.name, sampleArguments(tool, random)));
  }
  return results;
}

async function runOnce(server: string, parameters: WorldParameters, salt: number) {
  return pool.use(parameters, 7, async (world) => {
    const results = await callEverything(world, server, salt);
    return { startHash: world.startHash, results, evidence: await world.evidence() };
  });
}

tellLeftOut();

describe.each(OFFERED)('server %s', (server) => {
  const definition = serverDefinition(server);
  const parameters = { servers: [server], files: { [server]: FILES[server] ?? {} } };

  test('lists the pinned number of tools, none of them quarantined', () => {
    const { tools, quarantined } = describeServer(server);
    expect(quarantined).toEqual([]);
    expect(tools + definition.withheld.length).toBe(definition.expectedTools);
  });

  test(
    'gives the same bytes for the same calls from the same state, in either lane, after any damage',
    { timeout: 240_000 },
    async () => {
      const [one, other] = await Promise.all([runOnce(server, parameters, 1), runOnce(server, parameters, 1)]);
      expect(other).toEqual(one);
      await Promise.all([runOnce(server, parameters, 2), runOnce(server, parameters, 2)]); // damage, different in kind from the first calls
      const [again, elsewhere] = await Promise.all([runOnce(server, parameters, 1), runOnce(server, parameters, 1)]);
      expect(again).toEqual(one);
      expect(elsewhere).toEqual(one);
      expect(JSON.stringify(one)).not.toMatch(/\/dev\/shm|\/node_modules|\/root\//);
      expect(one.results.some(({ isError }) => !isError)).toBe(true);
    },
  );

  test.runIf(WRITES[server])(
    'a call that writes changes its facts, and a reset brings the first ones back',
    async () => {
      const [tool = '', args = {}] = WRITES[server] ?? [];
      const wanted = pool.factsOf(parameters);
      await pool.use(parameters, 5, async (world) => {
        const { text, isError } = await world.call(server, tool, args);
        expect(isError, text).toBe(false);
        expect((await world.evidence())[server]?.length).toBeGreaterThan(wanted[server]?.length ?? 0);
      });
      expect(await pool.use(parameters, 6, (world) => world.evidence())).toEqual(wanted);
    },
  );

  test('starts from the facts of its fixture, and evidence changes nothing', async () => {
    const wanted = pool.factsOf(parameters);
    const seen = await pool.use(parameters, 3, async (world) => {
      const untouched = await world.evidence();
      await world.call(server, toolspaceOf([server]).tools[0]?.name ?? '', {});
      return { untouched, first: await world.evidence(), second: await world.evidence(), hash: world.startHash };
    });
    expect(seen.untouched).toEqual(wanted);
    expect(seen.second).toEqual(seen.first);
    const hash = await pool.use(parameters, 4, async (world) => world.startHash);
    expect(hash).toBe(seen.hash);
  });
});
