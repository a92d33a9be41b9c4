import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { randomStream, seedOf } from '../../core/seeds.ts';
import { foreignKey } from '../../envs/confinement/git-configuration.ts';
import { GIT_CONFIGURATION } from '../../envs/state/git/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'toolstone-configuration-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Keys by which git runs a program, or works on what lies elsewhere. */
const FOREIGN =
  `alias.status branch.a.mergeoptions commit.gpgSign core.alternateRefsCommand core.askPass core.attributesFile
core.editor core.excludesFile core.fsmonitor core.gitProxy core.hooksPath core.pager core.sshCommand core.worktree
credential.helper credential.https://a.b.helper diff.a.command diff.a.textconv diff.external difftool.a.cmd
extensions.worktreeConfig filter.a.clean filter.a.process filter.a.smudge gpg.program gpg.ssh.program include.path
includeIf.gitdir:/.path interactive.diffFilter merge.a.driver mergetool.a.cmd pager.log remote.a.receivepack
remote.a.uploadpack remote.a.vcs sequence.editor sendemail.sendmailCmd ssh.variant submodule.a.update trailer.a.command
uploadpack.packObjectsHook url.ext::sh.insteadOf web.browser`.split(/\s+/);

/** As git itself writes a key. */
function written(key: string, value: string): string {
  const [section = '', ...rest] = key.split('.');
  const name = rest.pop() ?? '';
  return `[${section}${rest.length === 0 ? '' : ` "${rest.join('.')}"`}]\n\t${name} = ${value}\n`;
}

test.each(FOREIGN)('%s is no key of a plain configuration', (key) => {
  expect(foreignKey(GIT_CONFIGURATION + written(key, 'true'))?.toLowerCase()).toBe(key.toLowerCase());
});

test('what fixtures state and what the tools of the git server write is plain', () => {
  const remote = ['fetch', 'url', 'pushurl'].map((name) =>
    written(`remote.a.b "c".${name}`.replaceAll('"', '\\"'), 'ext::x'),
  );
  const branch = ['remote', 'merge'].map((name) => written(`branch.a/b.${name}`, 'refs/heads/a'));
  expect(foreignKey([GIT_CONFIGURATION, ...remote, ...branch].join(''))).toBeUndefined();
  expect(foreignKey('')).toBeUndefined();
});

describe('nothing hides from the reader that git would see', () => {
  test.each([
    ['on the line of its section', '[core] fsmonitor = a'],
    ['in capitals', '[CORE]\nFSMONITOR = a'],
    ['without a value', '[core]\nfsmonitor'],
    ['behind a byte order mark', '\uFEFF[core]\nfsmonitor = a'],
    ['behind a comment that ends in a backslash', '[core]\nbare = false # \\\nfsmonitor = a'],
    ['behind a quote in a comment', '[core]\nbare = false ; "\nfsmonitor = a'],
    ['behind an escaped quote', '[user]\nname = "a \\" # b"\n[core]\nfsmonitor = a'],
    ['behind a carriage return', '[core]\r\nbare = false\r\nfsmonitor = a\r\n'],
    ['behind a bracket in a name', '[remote "a]b"]\nurl = a\n[core]\nfsmonitor = a'],
  ])('%s', (_, text) => expect(foreignKey(text)).toBe('core.fsmonitor'));

  test('a continued line and a quoted part hold no key', () => {
    expect(foreignKey('[user]\nname = a \\\nfsmonitor = b\nemail = "[core]" # [core]\n')).toBeUndefined();
  });

  test('for texts of all its signs, as git reads them', () => {
    const parts = [
      '[core]',
      '[user]',
      '[remote "a"]',
      '[remote "a\\"b"]',
      '[remote.a]',
      '[',
      ']',
      '"',
      '\\',
      '#',
      ';',
      '\n',
      '\r\n',
      ' ',
    ];
    const words = [...parts, '\t', '=', 'name = a', 'bare', 'fsmonitor = x', 'url = y', 'a', '\\\n', '"#"', '\uFEFF'];
    const path = join(folder, 'config');
    const env = { PATH: process.env['PATH'] ?? '', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
    const counts = { plain: 0, foreign: 0, broken: 0 };
    for (let salt = 0; salt < 300; salt++) {
      const random = randomStream(seedOf('configuration', salt));
      const text = `[core]\n${Array.from({ length: 1 + random.below(10) }, () => random.pick(words)).join('')}`;
      writeFileSync(path, text);
      const { status, stdout } = spawnSync('git', ['config', '--file', path, '--list', '--name-only', '-z'], {
        env,
        encoding: 'utf8',
      });
      const keys = stdout.split('\0').filter((key) => key !== '');
      const foreign = keys.filter((key) => foreignKey(written(key.replaceAll('"', '\\"'), 'a')) !== undefined);
      const found = foreignKey(text);
      if (foreign.length > 0) expect(found, JSON.stringify(text)).not.toBeUndefined();
      if (status === 0 && foreign.length === 0) expect(found, JSON.stringify(text)).toBeUndefined();
      counts[status !== 0 ? 'broken' : foreign.length > 0 ? 'foreign' : 'plain']++;
    }
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(20);
  });
});
