import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { ConfinementLevel } from '../../core/confinement.ts';
import { TaskFailure } from '../../core/errors.ts';
import { inspectedFact } from '../../core/facts.ts';
import { runScript } from '../../envs/processes/verifier-script.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { OFFERED } from './offered-servers.ts';
import { LEVELS } from './levels.ts';
import { standInFor } from './optional-programs.ts';

const root = mkdtempSync(join(tmpdir(), 'toolstone-script-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const [folder, state] = [join(root, 'tasks'), join(root, 'state')];
for (const one of [folder, state]) mkdirSync(one);
writeFileSync(join(state, 'a.txt'), 'kept');
writeFileSync(join(root, 'elsewhere.txt'), 'not for you');
writeFileSync(join(folder, 'beside.txt'), 'beside');

const run = (level: ConfinementLevel, ...command: string[]) =>
  runScript({
    command,
    folder,
    servers: [{ server: 'own', folder: state }],
    level,
    deadlineMilliseconds: 3000,
  });

describe.each(LEVELS)('a script at level $title', ({ level, skip }) => {
  beforeEach((context) => context.skip(skip));
  const sh = (text: string, ...more: string[]) => run(level, 'sh', '-c', text, 'sh', ...more);

  test('says yes by 0, no by 1, and anything else in its own words', async () => {
    expect(await sh('echo fine')).toEqual({ exitCode: 0, text: '' });
    expect(await sh('echo a pity; exit 1')).toEqual({ exitCode: 1, text: 'a pity' });
    expect(await sh('echo out; echo lost >&2; exit 4')).toEqual({ exitCode: 4, text: 'lost' });
  });

  test("works in the task file's folder and is told the server's; no shell reads its arguments", async () => {
    expect(await sh('test "$(cat beside.txt; cat $1/a.txt)" = besidekept', '{own}')).toEqual({ exitCode: 0, text: '' });
    const quoted = await run(
      level,
      'node',
      '-e',
      'process.exit(process.argv[1] === "$(exit 3) *" ? 0 : 1)',
      '$(exit 3) *',
    );
    expect(quoted.exitCode).toBe(0);
  });

  test('may read what the episode came to, and need not', async () => {
    const input = JSON.stringify({ answer: 'milk' }).padEnd(200_000);
    const given = (text: string) => runScript({ command: ['sh', '-c', text], folder, servers: [], level, input });
    expect(await given('grep -q milk')).toMatchObject({ exitCode: 0 });
    expect(await given('grep -q eggs')).toMatchObject({ exitCode: 1 });
    expect(await given('exit 1')).toMatchObject({ exitCode: 1 });
  });

  test('that is a module of the user’s own is given the episode and the files, and says why not', async () => {
    const pool = openWorldPool({ lanes: 1, level });
    onTestFinished(() => pool.dispose());
    const files = { filesystem: { 'a/b.txt': 'milk' } };
    const episode = { prompt: 'Buy it.', answer: 'milk', calls: [] };
    const asked = (file: string) =>
      pool.use({ servers: ['filesystem'], files }, 1, ({ inspect }) =>
        inspect([{ kind: 'module', file, folder }], episode),
      );
    const body = "({ answer, files }: any) => files('filesystem')['a/b.txt'] === answer";
    writeFileSync(join(folder, 'yes.ts'), `export default ${body};`);
    writeFileSync(join(folder, 'no.ts'), `export default (all: any) => !(${body})(all) || 'it was bought';`);
    writeFileSync(join(folder, 'lost.mts'), 'export default async () => undefined;');
    expect(await asked('./yes.ts')).toEqual([inspectedFact(0, '0', '')]);
    expect(await asked('./no.ts')).toEqual([inspectedFact(0, '1', 'it was bought')]);
    const [lost = ''] = await asked('./lost.mts');
    expect(lost).toMatch(/^\["inspected","0","2","The verifier \.\/lost\.mts gave undefined\. Expected: /);
  });

  test('that is not there is no plain no', async () => {
    const ended = run(level, 'no-such-program').then(({ exitCode }) => exitCode > 1);
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
    if (level === 'arguments') await sh(`(sleep 1; touch ${mark}) & exit 0`);
    await new Promise((resolve) => setTimeout(resolve, 1300));
    expect(existsSync(mark)).toBe(false);
  });
});

describe.each(LEVELS.filter(({ level }) => level !== 'arguments'))('confined by $title', ({ level, skip }) => {
  test.skipIf(skip)('a script can neither write, nor read elsewhere, nor reach the network', async () => {
    const sh = (text: string, ...more: string[]) => run(level, 'sh', '-c', text, 'sh', ...more);
    expect(await sh('echo x > $1/b.txt || exit 1', '{own}')).toMatchObject({ exitCode: 1 });
    expect(await sh('echo x > b.txt || exit 1')).toMatchObject({ exitCode: 1 });
    expect(await sh(`cat ${root}/elsewhere.txt || exit 1`)).toMatchObject({ exitCode: 1 });
    expect(await sh('echo x > $TMPDIR/b.txt')).toMatchObject({ exitCode: 0 });
    const net =
      'require("net").connect(80, "1.1.1.1").on("error", (e) => process.exit(/ENETUNREACH|EACCES/.test(e.code) ? 0 : 2))';
    expect(await run(level, 'node', '-e', net)).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(state, 'b.txt'))).toBe(false);
  });
});

describe('a bubblewrap that is found', () => {
  test('is told the folders, that there is no network, and the command last', async () => {
    standInFor('bwrap', 'echo "$*"; exit 1');
    await expect(run('bubblewrap', 'look', '{own}/a.txt')).rejects.toThrow(
      new RegExp(
        `--unshare-net .* --ro-bind ${state} /world/own .* --chdir ${folder} -- .* look /world/own/a\\.txt$`,
        's',
      ),
    );
  });

  test('may complain: that is a fault of its own, and no no of the script', async () => {
    standInFor('bwrap', `echo 'bwrap: no room' >&2; exit 1`);
    await expect(run('bubblewrap', 'look')).rejects.toThrow(/^script look: bwrap: no room$/);
  });
});

test('every server of the catalogue is started in a box', async () => {
  standInFor('bwrap', `echo 'boxed as told' >&2; exit 3`);
  const pool = openWorldPool({ lanes: OFFERED.length, level: 'bubblewrap' });
  onTestFinished(() => pool.dispose());
  const starts = OFFERED.map((server) => {
    const [tool] = pool.toolspaceOf([server]).tools;
    return pool.use({ servers: [server], files: {} }, 1, (world) => world.call(server, tool?.name ?? '', {}));
  });
  const faults = await Promise.allSettled(starts);
  for (const [index, fault] of faults.entries())
    expect(fault).toMatchObject({
      reason: { message: expect.stringMatching(new RegExp(`${OFFERED[index]} did not start.*boxed as told`, 's')) },
    });
});
