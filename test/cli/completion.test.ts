import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { toolstone } from './toolstone.ts';

/** What bash offers for the last of some words. */
function offered(script: string, ...words: readonly string[]): string[] {
  const text = `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _toolstone; echo "\${COMPREPLY[@]}"`;
  const { stdout } = spawnSync('bash', ['-c', text, 'bash', 'toolstone', ...words], { encoding: 'utf8' });
  return stdout.trim().split(' ');
}

test('a shell completes commands, their commands and flags', async () => {
  const { code, stdout, stderr } = await toolstone('completion', 'bash');
  expect(code, stderr).toBe(0);
  expect(offered(stdout, 'ta')).toEqual(['tasks']);
  expect(offered(stdout, 'tasks', 'ch')).toEqual(['check']);
  expect(offered(stdout, 'run', '--fail')).toEqual(['--fail-on']);
  expect(offered(stdout, 'run', '--accept'), 'a flag of another command').toEqual(['']);
  expect((await toolstone('completion', 'zsh')).stdout).toMatch(/^autoload .*bashcompinit\n_toolstone/);
  expect((await toolstone('completion', 'fish')).stdout).toContain(
    "complete -c toolstone -n '__fish_seen_subcommand_from run' -l junit\n",
  );
  expect((await toolstone('completion', 'dos')).code).toBe(2);
});
