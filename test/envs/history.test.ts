import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { inflateSync } from 'node:zlib';
import { assert, array, constantFrom, dictionary, nat, property, record, stringMatching, tuple } from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { TaskFailure } from '../../core/errors.ts';
import { commitFact, stagedFact, unstagedFact } from '../../core/facts.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Files } from '../../core/types.ts';
import { serverDefinition } from '../../envs/server-list.ts';
import { fixtureOf } from '../../envs/state/fixture.ts';
import { gitFacts } from '../../envs/state/git/facts.ts';
import { FIXED_GIT_ENVIRONMENT, makeRepository } from '../../envs/state/git/repository.ts';
import type { History } from '../../envs/state/git/history.ts';
import { commitIds, compileHistory, statedHistoryFacts } from '../../envs/state/git/files.ts';
import { hashTree, readTree, restoreTree } from '../../envs/state/files/tree.ts';
import { makeWorldFolders } from '../../envs/world-folders.ts';
import { openWorldPool } from '../../envs/world-pool.ts';

const history: History = {
  commits: [
    { subject: 'Start “it”', files: { 'README.md': '# One\n', 'src/a.txt': 'a\n', 'src.txt': 'beside\n' } },
    { subject: 'Go deeper', files: { 'src/deep/er/b.txt': 'b\n'.repeat(40_000), 'src-1/c.txt': '' } },
    { subject: 'Start “it”', files: { 'src/a.txt': 'aa\n', 'é ü.txt': 'ö\n' } },
  ],
  branches: { main: 2, 'feature/x': 1, old: 0 },
  tags: { 'v1.0': 0, 'v1.1': 1 },
  head: 'main',
  changes: { 'README.md': '# Two\n', 'new/d.txt': 'd\n' },
};
const clean: History = { ...history, changes: {} };
const filesOf = (one: unknown): Files => ({ repo: JSON.stringify(one) });

/** Runs git in a real folder that holds a history. */
function inRepository<T>(one: History, work: (git: (...args: string[]) => string, folder: string) => T): T {
  const folders = makeWorldFolders(() => undefined);
  try {
    restoreTree(folders.main, compileHistory(filesOf(one)));
    return work(gitIn(`${folders.main}/repo`), folders.main);
  } finally {
    folders.remove();
  }
}

const gitIn =
  (cwd: string, more: Readonly<Record<string, string>> = {}) =>
  (...args: string[]): string => {
    const env = { PATH: process.env['PATH'] ?? '', ...FIXED_GIT_ENVIRONMENT, ...more };
    const { status, stdout, stderr } = spawnSync('git', args, { cwd, env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout;
  };

describe('a history', () => {
  test('is a repository that git finds whole, and reads without changing a fact', () => {
    inRepository(history, (git, folder) => {
      const before = gitFacts(readTree(folder));
      expect(git('fsck', '--strict', '--full', '--no-dangling')).toBe('');
      expect(git('log', '--format=%H %s', 'main').trim().split('\n')).toEqual(
        commitIds(history)
          .map((id, index) => `${id} ${history.commits[index]?.subject}`)
          .reverse(),
      );
      expect(git('log', '--format=%an %ae %aI %cI', '-1', 'old').trim()).toBe(
        'Ada Lindqvist ada@example.com 2025-11-01T09:00:00+00:00 2025-11-01T09:00:00+00:00',
      );
      expect(git('status', '--porcelain').trim()).toBe('M README.md\n?? new/');
      expect(git('diff', '--stat').trim()).toContain('README.md | 2 +-');
      expect(git('reflog', '--format=%gs').trim().split('\n').at(-1)).toBe('commit (initial): Start “it”');
      expect(git('for-each-ref', '--format=%(refname)').trim().split('\n')).toEqual([
        'refs/heads/feature/x',
        'refs/heads/main',
        'refs/heads/old',
        'refs/tags/v1.0',
        'refs/tags/v1.1',
      ]);
      expect(git('show', 'main:é ü.txt')).toBe('ö\n');
      expect(gitFacts(readTree(folder))).toEqual(before);
    });
    inRepository(clean, (git) => expect(git('status', '--porcelain')).toBe(''));
  });

  test('has the ids and the bytes that git gives the same commits', () => {
    const folders = makeWorldFolders(() => undefined);
    try {
      const root = folders.main;
      gitIn(root)('init', '--quiet', '--template=', '--initial-branch=main');
      const ours = compileHistory(filesOf(clean));
      writeFileSync(`${root}/.git/config`, ours.get('repo/.git/config') as Buffer);
      for (const [index, { subject, files }] of clean.commits.entries()) {
        for (const [path, text] of Object.entries(files)) {
          mkdirSync(dirname(`${root}/${path}`), { recursive: true });
          writeFileSync(`${root}/${path}`, text);
        }
        const date = `2025-11-0${index + 1}T09:00:00Z`;
        const git = gitIn(root, { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date });
        git('add', '--all');
        git('commit', '--quiet', '--message', subject);
      }
      const objects = [...ours].filter(([path]) => /objects\/..\//.test(path));
      expect(objects.length).toBeGreaterThan(12);
      for (const [path, bytes] of objects) {
        const theirs = readFileSync(`${root}/${path.slice('repo/'.length)}`);
        expect(inflateSync(theirs).equals(inflateSync(bytes)), path).toBe(true);
        // Git cuts what is long into blocks in its own way.
        if (bytes.length < 2000) expect(theirs.equals(bytes), path).toBe(true);
      }
      for (const path of ['.git/logs/HEAD', '.git/logs/refs/heads/main', '.git/refs/heads/main', '.git/HEAD'])
        expect(readFileSync(`${root}/${path}`, 'utf8')).toBe(ours.get(`repo/${path}`)?.toString());
      // Git's own index holds file times; without them it is ours.
      gitIn(root, { GIT_INDEX_FILE: `${root}/bare-index` })('read-tree', 'main');
      expect(gitIn(root, { GIT_INDEX_FILE: `${root}/bare-index` })('ls-files', '--stage')).toBe(
        inRepository(clean, (git) => git('ls-files', '--stage')),
      );
    } finally {
      folders.remove();
    }
  });

  test('states the same facts in text as on disk', () => {
    const text = stringMatching(/^[a-z ö\n]{0,12}$/);
    const path = stringMatching(/^[ab](\/[cd]){0,2}\.txt$/);
    const files = dictionary(path, text, { maxKeys: 4 });
    const histories = record({
      commits: array(record({ subject: constantFrom('One', 'Two', 'Three'), files }), {
        minLength: 1,
        maxLength: 5,
      }),
      tips: tuple(nat(4), nat(4), nat(4)),
      changes: files,
    }).map(({ commits, tips, changes }): History => {
      const [main = 0, other = 0, tag = 0] = tips.map((tip) => tip % commits.length);
      return { commits, branches: { main, other }, tags: { v1: tag }, head: 'main', changes };
    });
    assert(
      property(histories, (one) => {
        expect(statedHistoryFacts(filesOf(one))).toEqual(gitFacts(compileHistory(filesOf(one))));
      }),
    );
    expect(statedHistoryFacts(filesOf(history))).toEqual(gitFacts(compileHistory(filesOf(history))));
  });

  test('takes the place of the prepared repository; without one that stays as it was', () => {
    const git = serverDefinition('git');
    expect([...fixtureOf(git, filesOf(history)).tree.keys()]).toEqual([...compileHistory(filesOf(history)).keys()]);
    const folders = makeWorldFolders(() => undefined);
    try {
      makeRepository(folders.main);
      expect(fixtureOf(git).hash).toBe(hashTree(readTree(folders.main)));
    } finally {
      folders.remove();
    }
    expect(fixtureOf(git, { 'repo/x.txt': 'x' }).tree.size).toBe(fixtureOf(git).tree.size + 1);
  });

  test('that makes no sense is a fault of the task', () => {
    for (const [wrong, message] of [
      [{ ...history, head: 'nowhere' }, /head nowhere .* none of its branches/],
      [{ ...history, tags: { v9: 7 } }, /v9 .* names no commit/],
      [
        { ...history, commits: [{ subject: 'x', files: { a: '1', 'a/b': '2' } }], branches: { main: 0 }, tags: {} },
        /both/,
      ],
    ] as const) {
      expect(() => compileHistory(filesOf(wrong))).toThrow(TaskFailure);
      expect(() => compileHistory(filesOf(wrong))).toThrow(message);
    }
    expect(() => compileHistory({ repo: 'no JSON' })).toThrow(/no JSON/);
  });
});

describe('the server git', () => {
  const pool = openWorldPool({ lanes: 1 });
  afterAll(() => pool.dispose());

  const after = (start: History, calls: readonly [string, JsonObject][]) =>
    pool.use({ servers: ['git'], files: { git: filesOf(start) } }, 1, async (world) => {
      for (const [tool, args] of calls) {
        const result = await world.call('git', tool, { path: 'repo', ...args });
        expect(result.isError, result.text).toBe(false);
      }
      return (await world.evidence())['git'];
    });

  test('leaves the facts of the planned history', async () => {
    const [first = '', second = ''] = commitIds(history);
    expect(
      await after(history, [
        ['git_status', {}],
        ['git_log', { grep: 'Go deeper' }],
        ['git_branch', { mode: 'create', branchName: 'topic', startPoint: second }],
        ['git_tag', { mode: 'create', tagName: 'v2', commit: first }],
        ['git_add', { paths: ['new/d.txt'] }],
        ['git_commit', { message: 'Add d' }],
      ]),
    ).toEqual(
      statedHistoryFacts(
        filesOf({
          ...history,
          commits: [...history.commits, { subject: 'Add d', files: { 'new/d.txt': 'd\n' } }],
          branches: { ...history.branches, main: 3, topic: 1 },
          tags: { ...history.tags, v2: 0 },
          changes: { 'README.md': '# Two\n' },
        }),
      ),
    );
  });

  test('shows what was staged too much, and what is left out of a commit', async () => {
    const staged = await after(history, [['git_add', { all: true }]]);
    expect(staged).toContain(stagedFact('repo', 'README.md', 'changed'));
    expect(staged).not.toContain(unstagedFact('repo', 'README.md', 'changed'));
    const committed = await after(history, [['git_commit', { message: 'Some', filesToStage: ['README.md'] }]]);
    expect(committed).toContain(commitFact('repo', 'main', 'Some'));
    expect(committed).toContain(unstagedFact('repo', 'new/d.txt', 'new'));
    expect(committed).not.toContain(unstagedFact('repo', 'README.md', 'changed'));
  });
});
