import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { TaskFailure } from '../../core/errors.ts';
import { runScript } from '../../envs/processes/verifier-script.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { findProgram, hideProgram, standInFor } from './optional-programs.ts';

const root = mkdtempSync(join(tmpdir(), 'toolstone-script-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const [folder, state] = [join(root, 'tasks'), join(root, 'state')];
for (const one of [folder, state]) mkdirSync(one);
writeFileSync(join(state, 'a.txt'), 'kept');
writeFileSync(join(root, 'elsewhere.txt'), 'not for you');
writeFileSync(join(folder, 'beside.txt'), 'beside');

const run = (useBubblewrap: boolean, ...command: string[]) =>
  runScript({
    command,
    folder,
    servers: [{ server: 'own', folder: state }],
    useBubblewrap,
    deadlineMilliseconds: 3000,
  });

const real =
  findProgram('bwrap') === null ? 'where there is bubblewrap (absent: apt-get install bubblewrap)' : 'in bubblewrap';

describe.each([
  { place: real, useBubblewrap: true, isHidden: false, skip: findProgram('bwrap') === null },
  { place: 'where there is no bubblewrap', useBubblewrap: true, isHidden: true, skip: false },
  { place: 'where no bubblewrap is wanted', level: 'arguments', isHidden: false, skip: false },
])('a script $place', ({ useBubblewrap, isHidden, skip }) => {
  beforeEach((context) => {
    context.skip(skip);
    if (isHidden) hideProgram('bwrap');
  });
  const sh = (text: string, ...more: string[]) => run(useBubblewrap, 'sh', '-c', text, 'sh', ...more);

  test('says yes by 0, no by 1, and anything else in its own words', async () => {
    expect(await sh('echo fine')).toEqual({ exitCode: 0, text: '' });
    expect(await sh('echo a pity; exit 1')).toEqual({ exitCode: 1, text: 'a pity' });
    expect(await sh('echo out; echo lost >&2; exit 4')).toEqual({ exitCode: 4, text: 'lost' });
  });

  test("works in the task file's folder and is told the server's; no shell reads its arguments", async () => {
    expect(await sh('test "$(cat beside.txt; cat $1/a.txt)" = besidekept', '{own}')).toEqual({ exitCode: 0, text: '' });
    const quoted = await run(
      useBubblewrap,
      'node',
      '-e',
      'process.exit(process.argv[1] === "$(exit 3) *" ? 0 : 1)',
      '$(exit 3) *',
    );
    expect(quoted.exitCode).toBe(0);
  });

  test('that is not there is no plain no', async () => {
    const ended = run(useBubblewrap, 'no-such-program').then(({ exitCode }) => exitCode > 1);
    await expect(ended.catch((error: unknown) => error instanceof TaskFailure)).resolves.toBe(true);
  });

  test('that does not end, or ends itself by a signal, is the fault of its task, and leaves nothing running', async () => {
    await expect(sh('sleep 60 & sleep 60')).rejects.toThrow(/did not end within 3 s/);
    const isEnded = await sh('kill -9 $$').then(
      ({ exitCode }) => exitCode > 1,
      (error: unknown) => error instanceof TaskFailure,
    );
    expect(isEnded).toBe(true);
    const mark = join(folder, 'late.txt');
    if (!useBubblewrap || isHidden) await sh(`(sleep 1; touch ${mark}) & exit 0`);
    await new Promise((resolve) => setTimeout(resolve, 1300));
    expect(existsSync(mark)).toBe(false);
  });
});

test.skipIf(findProgram('bwrap') === null)(
  'in bubblewrap it can neither write, nor read elsewhere, nor reach the network',
  async () => {
    const sh = (text: string, ...more: string[]) => run(true, 'sh', '-c', text, 'sh', ...more);
    expect(await sh('echo x > $1/b.txt || exit 1', '{own}')).toMatchObject({ exitCode: 1 });
    expect(await sh('echo x > b.txt || exit 1')).toMatchObject({ exitCode: 1 });
    expect(await sh(`cat ${root}/elsewhere.txt || exit 1`)).toMatchObject({ exitCode: 1 });
    const net =
      'require("net").connect(80, "1.1.1.1").on("error", (e) => process.exit(e.code === "ENETUNREACH" ? 0 : 2))';
    expect(await run(true, 'node', '-e', net)).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(state, 'b.txt'))).toBe(false);
  },
);

describe('a bubblewrap that is found', () => {
  const working = 'case "$*" in *--unshare-net\\ true) exit 0; esac';

  test('is used: it is told the folders, that there is no network, and the command last', async () => {
    standInFor('bwrap', `${working}; echo "$*"; exit 1`);
    const { exitCode, text } = await run(true, 'look', '{own}/a.txt');
    expect(exitCode).toBe(1);
    expect(text).toContain(`--unshare-net --die-with-parent --ro-bind-try ${state} /world/own --chdir ${folder} -- `);
    expect(text).toMatch(/ -- \/bin\/sh -c exec "\$0" "\$@" look \/world\/own\/a\.txt$/);
  });

  test('may complain: that is a fault of its own, and no no of the script', async () => {
    standInFor('bwrap', `${working}; echo 'bwrap: no room' >&2; exit 1`);
    await expect(run(true, 'look')).rejects.toThrow(/^script look: bwrap: no room$/);
  });

  test('may not work on this machine: then the script runs without it', async () => {
    standInFor('bwrap', 'exit 1');
    expect(await run(true, 'sh', '-c', 'echo a pity; exit 1')).toEqual({ exitCode: 1, text: 'a pity' });
  });

  test('boxes the servers that reach outside their folder, and no others', async () => {
    standInFor('bwrap', `${working}; echo 'boxed as told' >&2; exit 3`);
    const pool = openWorldPool({ lanes: 1 });
    onTestFinished(() => pool.dispose());
    const call = (server: string, tool: string) =>
      pool.use({ servers: [server], files: {} }, 1, (world) => world.call(server, tool, {}));
    await expect(call('fast-filesystem', 'fast_list_allowed_directories')).rejects.toThrow(
      /fast-filesystem did not start.*boxed as told/s,
    );
    expect(await call('memory', 'read_graph')).toMatchObject({ isError: false });
  });
});
