/** Something in the git server's folder that would make git run `$RUN`, or work in `$OUT`, at some later call. */
export interface Trap {
  readonly name: string;
  /** Of sh, in the git server's folder; its own environment is that of the tests. */
  readonly script: string;
  /** What every call says; where nothing is said, calls go on and the trap does not close. */
  readonly says?: RegExp;
}

/** Of the many keys (git-configuration.test.ts) those that work at a plain `git status` or `git add`. */
const KEYS: Readonly<Record<string, string>> = {
  'core.fsmonitor': '$RUN; false',
  'core.worktree': '$OUT',
  'filter.all.clean': '$RUN; cat',
  'include.path': '../more',
};

const ATTRIBUTES = `echo '* filter=all diff=all merge=all' > repo/.gitattributes; echo late > repo/late.txt;`;

const HOOKS = [
  'pre-commit',
  'post-commit',
  'post-checkout',
  'post-merge',
  'pre-rebase',
  'post-index-change',
  'fsmonitor-watchman',
];

export const TRAPS: readonly Trap[] = [
  ...Object.entries(KEYS).map(([key, value]) => ({
    name: `configured by ${key}`,
    script: `${ATTRIBUTES} git config --file repo/.git/config '${key}' "${value}"; printf '[core]\\n fsmonitor = %s\\n' "$RUN" > repo/.git/more`,
    says: new RegExp(`^Refused: /world/git/repo/\\.git/config holds ${key.replace(/[.*/]/g, '\\$&')};`, 'i'),
  })),
  {
    name: 'configured behind a comment, a quote and a continued line',
    script: `printf '\\357\\273\\277[user] name = "a ; \\\\" b" # \\\\\\n email = x\\\\\\n [core]\\n[Core]fsMonitor=%s\\n' "$RUN" > repo/.git/config`,
    says: /config holds core\.fsmonitor;/,
  },
  {
    name: 'a worktree with a configuration of its own',
    script: `git -C repo worktree add -q ../inner draft; git config --file repo/.git/worktrees/inner/config.worktree core.fsmonitor "$RUN"`,
    says: /config\.worktree holds core\.fsmonitor;/,
  },
  {
    name: 'a repository deep in a folder',
    script: `mkdir -p repo/a/b; git init -q repo/a/b; git config --file repo/a/b/.git/config core.fsmonitor "$RUN"`,
    says: /^Refused: \/world\/git\/repo\/a\/b\/\.git\/config holds/,
  },
  {
    name: 'a bare repository among files',
    script: `git init -q --bare repo/a; git config --file repo/a/config core.fsmonitor "$RUN"`,
    says: /^Refused: \/world\/git\/repo\/a\/config holds/,
  },
  {
    name: 'a repository inside the folder of objects',
    script: `git init -q repo/.git/objects/aa; git config --file repo/.git/objects/aa/.git/config alias.status '!$RUN'`,
    says: /objects\/aa\/\.git\/config holds alias\.status;/,
  },
  {
    name: 'a .git file that names a repository outside',
    script: `mkdir inner; git init -q --bare inner.git; printf 'gitdir: %s\\n' "$OUT" > inner/.git`,
    says: /^Refused: \/world\/git\/inner\/\.git leads outside \/world\/git\./,
  },
  {
    name: 'a .git link to a folder outside',
    script: `mkdir inner; ln -s "$OUT" inner/.git`,
    says: /^Refused: \/world\/git\/inner\/\.git leads outside/,
  },
  {
    name: 'a .git file whose path git ends at a zero byte',
    script: `mkdir inner; printf 'gitdir: %s\\0%s' "$OUT" "/../../../../../../../../../..$PWD/repo/.git" > inner/.git`,
    says: /git\/inner\/\.git leads outside/,
  },
  {
    name: 'a .git file that goes up behind a link',
    script: `mkdir -p a/b/c; ln -s "$PWD" a/b/c/up; echo 'gitdir: up/../out' > a/b/c/.git`,
    says: /git\/a\/b\/c\/\.git leads outside/,
  },
  {
    name: 'a .git file whose path begins with a blank',
    script: `mkdir -p a/b/c; ln -s "$PWD" 'a/b/c/ up'; echo 'gitdir:  up/../out' > a/b/c/.git`,
    says: /git\/a\/b\/c\/\.git leads outside/,
  },
  {
    name: 'a common folder without a HEAD',
    script: `git init -q a; mv a/.git common; rm -r a common/HEAD; git config --file common/config core.fsmonitor "$RUN"; mkdir -p inner/.git; cp repo/.git/HEAD inner/.git; echo ../../common > inner/.git/commondir`,
    says: /^Refused: \/world\/git\/common\/config holds core\.fsmonitor;/,
  },
  {
    name: 'a rebase that still has a program to run',
    script: `cd repo/.git; mkdir rebase-merge; git rev-parse HEAD | tee rebase-merge/onto > rebase-merge/orig-head; echo refs/heads/main > rebase-merge/head-name; echo "x $RUN" > rebase-merge/git-rebase-todo; touch rebase-merge/interactive`,
    says: /rebase-merge\/git-rebase-todo names a program to run/,
  },
  {
    name: 'objects that a link puts outside',
    script: `mv repo/.git/objects objects; ln -s "$OUT" repo/.git/objects`,
    says: /repo\/\.git\/objects leads outside/,
  },
  {
    name: 'a common folder outside',
    script: `git -C repo worktree add -q ../inner draft; printf '%s\\n' "$OUT" > repo/.git/worktrees/inner/commondir`,
    says: /commondir leads outside/,
  },
  {
    name: 'a worktree said to lie outside',
    script: `git -C repo worktree add -q ../inner draft; printf '%s/.git\\n' "$OUT" > repo/.git/worktrees/inner/gitdir`,
    says: /gitdir leads outside/,
  },
  {
    name: 'borrowed objects',
    script: `printf '%s\\n' "$OUT" > repo/.git/objects/info/alternates`,
    says: /alternates borrows objects/,
  },
  {
    name: 'a configuration that is no file',
    script: `rm repo/.git/config; mkfifo repo/.git/config`,
    says: /cannot be searched for repositories/,
  },
  {
    name: 'hooks',
    script: `mkdir repo/.git/hooks; for hook in ${HOOKS.join(' ')}; do printf '#!/bin/sh\\n%s\\n' "$RUN" > repo/.git/hooks/$hook; chmod +x repo/.git/hooks/$hook; done`,
  },
];
