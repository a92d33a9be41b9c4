import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { inspectedFact } from '../../core/facts.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ToolResult, World } from '../../core/types.ts';
import { serverDefinition, serverNames } from '../../envs/server-list.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { type Attempt, attemptsByLink, attemptsByName, OPEN_SERVERS, SERVERS } from './escape-attempts.ts';
import { everywhere, expectOnlyCanary, expectRefusals, files, play, WHOLE } from './escape-worlds.ts';
import { TRAPS } from './git-traps.ts';

// Without the box, so that refusing is all there is.
const pool = openWorldPool({ lanes: 1, level: 'arguments' });
const outside = mkdtempSync(join(tmpdir(), 'toolstone-outside-'));
const canary = join(outside, 'canary.txt');
afterAll(async () => {
  await pool.dispose();
  rmSync(outside, { recursive: true });
});

beforeEach(() => writeFileSync(canary, WHOLE));

const expectUntouched = (what: string) => expectOnlyCanary(outside, what);

/** A program that puts things into servers' folders, as a server of the user's own could. */
async function plant({ inspect }: World, script: string): Promise<void> {
  const command = ['sh', '-ec', script, 'sh', ...SERVERS.map((one) => `{${one}}`)];
  const episode = { prompt: '', answer: null, calls: [] };
  const facts = await inspect([{ kind: 'script', command, folder: outside }], episode);
  expect(facts, script).toEqual([inspectedFact(0, '0', '')]);
}

describe('calls of every server that lead out of its folder', () => {
  test('are tried for every server that takes paths, and for each argument that a server is trusted with', () => {
    const definitions = serverNames.map(serverDefinition).filter(({ proseArguments }) => proseArguments !== 'all');
    expect([...OPEN_SERVERS].sort()).toEqual(definitions.map(({ name }) => name).sort());
    const tried = new Set(
      attemptsByName(outside).flatMap((one) => Object.keys(one.arguments).map((key) => `${one.server} ${key}`)),
    );
    for (const { name, checksItself } of definitions.filter(({ name }) => SERVERS.includes(name)))
      expect(checksItself.filter((key) => !tried.has(`${name} ${key}`))).toEqual([]);
  });

  test.each([
    ['by their names', attemptsByName(outside), undefined],
    [
      'through links',
      attemptsByLink(),
      `for one in "$@"; do ln -s ${outside} "$one/outward"; mkdir "$one/inner"; ln -s "$one" "$one/inner/up"; case "$one" in */filesystem) ln -s "$4" "$one/neighbour";; *) ln -s "$1" "$one/neighbour";; esac; done`,
    ],
  ])('%s are answered with a sentence, and touch nothing', async (_, attempts, script) => {
    expect(attempts.length).toBeGreaterThan(60);
    const startHash = await pool.use(everywhere, 1, async (world) => {
      if (script !== undefined) await plant(world, script);
      const before = await world.evidence();
      const results: { attempt: Attempt; result: ToolResult }[] = [];
      for (const attempt of attempts) {
        results.push({ attempt, result: await play(world, attempt) });
        expectUntouched(JSON.stringify(attempt));
      }
      expectRefusals(results);
      expect(await world.evidence()).toEqual(before);
      return world.startHash;
    });
    await pool.use(everywhere, 2, async (world) => {
      expect(world.startHash).toBe(startHash);
      expect((await world.call('git', 'git_status', { path: '/world/git/repo' })).isError).toBe(false);
    });
  });

  test('a text that only looks like a path is written as it stands', async () => {
    const text = '/etc/passwd ../../x file:///etc/passwd';
    await pool.use(everywhere, 3, async (world) => {
      const { call } = world;
      const written = [
        await call('filesystem', 'write_file', { path: '/world/filesystem/a.txt', content: text }),
        await call('memory-bank', 'memory_bank_write', { projectName: 'garden', fileName: 'a.md', content: text }),
        await call('git', 'git_commit', { path: '/world/git/repo', message: text, allowEmpty: true }),
        await call('git', 'git_branch', { path: '/world/git/repo', mode: 'list' }),
      ];
      expect(written.map(({ isError }) => isError)).toEqual([false, false, false, false]);
      expect((await world.evidence())['filesystem']?.join('\n')).toContain(text);
    });
  });
});

const SIGNATURE = '-----BEGIN PGP SIGNATURE-----\n\naaaa\n-----END PGP SIGNATURE-----';

describe('git runs no program', () => {
  test('the chain by which a policy once ran a command', async () => {
    const task = readFileSync(new URL('../cases/policy-runs-a-command.yaml', import.meta.url), 'utf8');
    const { tasks } = parse(task.replaceAll('{CANARY}', join(outside, 'ran'))) as {
      tasks: { servers: string[]; plan: Attempt[] }[];
    };
    for (const { servers, plan } of tasks) {
      await pool.use({ servers, files: {} }, 4, async (world) => {
        const results: ToolResult[] = [];
        for (const call of plan) results.push(await play(world, call));
        expect(results[0]).toEqual({
          text: 'Refused: /world/filesystem/wt is outside /world/git.',
          isError: true,
        });
        expect(results.every(({ text }) => /\w{3}/.test(text))).toBe(true);
        expect((await world.call('git', 'git_status', { path: '/world/git/repo' })).isError).toBe(false);
      });
    }
    expectUntouched('chain');
  });

  test.each(TRAPS)('$name', async ({ script, says }) => {
    const parameters = { servers: SERVERS, files };
    await pool.use(parameters, 5, async (world) => {
      await plant(world, `cd "$4"; RUN='touch ${outside}/ran'; OUT='${outside}'; ${script}`);
      const path = '/world/git/repo';
      for (const attempt of [
        { tool: 'git_status', arguments: { path } },
        { tool: 'git_add', arguments: { path, paths: ['.'] } },
        { tool: 'git_commit', arguments: { path, message: 'a', allowEmpty: true } },
        { tool: 'git_merge', arguments: { path, branch: 'draft' } },
        { tool: 'git_checkout', arguments: { path, target: 'draft' } },
        { tool: 'git_rebase', arguments: { path, mode: 'start', upstream: 'main', interactive: true } },
      ]) {
        const { text, isError } = await play(world, { server: 'git', ...attempt });
        if (says !== undefined)
          expect([isError, text], JSON.stringify(attempt)).toEqual([true, expect.stringMatching(says)]);
        expectUntouched(JSON.stringify(attempt));
      }
    });
    await pool.use(parameters, 6, async ({ call }) =>
      expect((await call('git', 'git_status', { path: '/world/git/repo' })).isError).toBe(false),
    );
  });

  test('whatever its own tools write, it goes on', async () => {
    const repo = '/world/git/repo';
    const calls: readonly (readonly [string, JsonObject])[] = [
      ['git_init', { path: '/world/git/new', initialBranch: 'trunk' }],
      ['git_init', { path: '/world/git/bare', bare: true }],
      ['git_init', { path: `${repo}/.git/inner` }],
      ['git_init', { path: `${repo}/src` }],
      ['git_worktree', { path: repo, mode: 'add', worktreePath: '../beside', branch: 'one' }],
      ['git_worktree', { path: repo, mode: 'add', worktreePath: '/world/git/repo/within', branch: 'two' }],
      ['git_worktree', { path: repo, mode: 'move', worktreePath: '/world/git/beside', newPath: '/world/git/moved' }],
      ['git_remote', { path: repo, mode: 'add', name: 'far', url: 'https://nowhere.invalid/a.git' }],
      ['git_remote', { path: repo, mode: 'set-url', name: 'far', url: '/world/filesystem', push: true }],
      ['git_remote', { path: repo, mode: 'rename', name: 'far', newName: 'away' }],
      ['git_branch', { path: repo, mode: 'create', branchName: 'a/b', startPoint: 'draft' }],
      ['git_branch', { path: repo, mode: 'rename', branchName: 'a/b', newBranchName: 'c' }],
      ['git_checkout', { path: repo, target: 'three', createBranch: true, track: true }],
      ['git_tag', { path: repo, mode: 'create', tagName: 'v2', message: `two\n${SIGNATURE}` }],
      ['git_tag', { path: repo, mode: 'verify', tagName: 'v2' }],
      ['git_commit', { path: '/world/git/moved', message: 'there', allowEmpty: true }],
      ['git_stash', { path: repo, mode: 'push', includeUntracked: true }],
    ];
    await pool.use({ servers: ['git'], files: {} }, 9, async ({ call }) => {
      for (const [tool, args] of calls) {
        const { text, isError } = await call('git', tool, args);
        expect(isError, `${tool} ${JSON.stringify(args)}: ${text}`).toBe(false);
      }
      for (const [tool, args] of [
        ['git_push', { path: repo, remote: 'away', branch: 'main' }],
        ['git_fetch', { path: repo, remote: 'away' }],
      ] as const)
        expect((await call('git', tool, args)).isError, tool).toBe(true);
      for (const path of [repo, '/world/git/new', '/world/git/moved', `${repo}/within`])
        expect((await call('git', 'git_status', { path })).isError, path).toBe(false);
    });
  });

  test('an argument is never an option, and no address a program', async () => {
    const path = '/world/git/repo';
    const harm = [`-x=;touch ${outside}/ran`, `--output=${outside}/ran`];
    const addresses = [`ext::sh -c touch% ${outside}/ran`, `file://${outside}`, outside];
    await pool.use({ servers: ['git'], files: {} }, 7, async ({ call, toolspace }) => {
      for (const { name, inputSchema } of toolspace.tools) {
        const { mode, ...properties } = inputSchema['properties'] as Record<string, JsonObject>;
        const modes = (mode?.['enum'] ?? [undefined]) as readonly (string | undefined)[];
        for (const text of 'url' in properties ? [...harm, ...addresses] : harm) {
          const args = Object.entries(properties).flatMap(([key, { type, enum: choices }]) => {
            if (choices !== undefined || key === 'path') return [];
            return type === 'string' || 'anyOf' in (properties[key] ?? {})
              ? [[key, text]]
              : type === 'array'
                ? [[key, [text]]]
                : [];
          });
          for (const one of modes)
            await call('git', name, { ...Object.fromEntries(args), path, ...(one === undefined ? {} : { mode: one }) });
          expectUntouched(`${name} ${text}`);
        }
      }
    });
  });
});

const asSchema = (sql: string) =>
  JSON.stringify({ objects: [{ sql: 'CREATE TABLE kept (a)' }, { type: 'table', sql }] });

describe('SQL reaches no other file', () => {
  const target = join(outside, 'ran.db');
  const attempts = [
    `ATTACH '${target}' AS o`,
    `VACUUM INTO '${target}'`,
    `/* a */ attach database '${target}' as o`,
    `EXPLAIN ATTACH '${target}' AS o`,
    `SELECT load_extension('${canary}')`,
    `PRAGMA temp_store_directory = '${outside}'`,
  ].flatMap((sql): Omit<Attempt, 'server'>[] => [
    { tool: 'import_schema', arguments: { schema: asSchema(sql), format: 'json' } },
    { tool: 'import_schema', arguments: { schema: sql } },
    { tool: 'import_schema', arguments: { schema: `CREATE TABLE early (a); ${sql}` } },
    { tool: 'execute_read_query', arguments: { query: sql } },
    { tool: 'execute_write_query', arguments: { query: sql } },
    { tool: 'execute_schema_query', arguments: { query: sql } },
    { tool: 'execute_schema_query', arguments: { query: `CREATE TABLE early (a); ${sql}` } },
    { tool: 'export_csv', arguments: { file_path: 'a.csv', query: sql } },
    { tool: 'create_table', arguments: { name: 'made', columns: [{ name: `a); ${sql}; --`, type: 'TEXT' }] } },
    { tool: 'vacuum_database', arguments: { database_name: `data.db' INTO '${target}` } },
  ]);

  test('by any statement, of any tool', async () => {
    const database = '{"plum":{"columns":[{"name":"a","type":"TEXT"}],"rows":[["one"]]}}';
    await pool.use({ servers: ['sqlite'], files: { sqlite: { 'data.db': database } } }, 8, async (world) => {
      for (const attempt of attempts) {
        expect((await play(world, { server: 'sqlite', ...attempt })).text).toMatch(/\w{3}/);
        expectUntouched(JSON.stringify(attempt));
      }
      for (const tool of ['vacuum_database', 'list_tables', 'close_database'])
        expect((await world.call('sqlite', tool, { database_name: 'data.db' })).isError).toBe(false);
    });
  });
});
