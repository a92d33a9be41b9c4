import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { digests, start, temporaryFolder } from '../cli/toolstone.ts';
import { findProgram } from '../envs/optional-programs.ts';
import { skipLoudly, tell } from './scale.ts';

const entry = fileURLToPath(new URL('../../toolstone.ts', import.meta.url));
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
/** By checks of arguments alone: what makes clocks jump keeps boxes from being made. */
const command = (out: string, ...more: readonly string[]): string =>
  [
    process.execPath,
    entry,
    'run',
    '--policy',
    'oracle',
    '--suite',
    'smoke',
    '--limit',
    '40',
    '--confinement',
    'arguments',
    ...more,
    '--out',
    out,
  ]
    .map(quoted)
    .join(' ');

/** By a shell, so that limits can be set before it; ends with the command's own exit code. */
function shell(script: string, ...wrapper: readonly string[]) {
  const [program = '', ...args] = wrapper.concat('bash', '-c', script);
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  return { code: status, output: stdout + stderr };
}

const noStack = (output: string) => expect(output, 'no stack for a user').not.toMatch(/\n {4}at /);

async function undisturbed(): Promise<string> {
  const whole = join(temporaryFolder(), 'whole');
  const { code, output } = shell(command(whole));
  expect(code, output).toBe(0);
  return whole;
}

test('a full disk is told, and with room again the same command ends with the same bytes', async () => {
  if (process.getuid?.() !== 0 || spawnSync('unshare', ['--mount', 'true']).status !== 0)
    return skipLoudly('hardship', 'disk full: only root may mount the small disk that is needed');
  const whole = await undisturbed();
  const sizes = [64, 256, 700];
  for (const kibibytes of sizes) {
    const folder = temporaryFolder();
    const [disk, kept] = [join(folder, 'disk'), join(folder, 'kept')];
    mkdirSync(disk);
    const script = [
      `mount -t tmpfs -o size=${kibibytes}k tmpfs ${disk}`,
      `${command(`${disk}/run`)}; code=$?`,
      `mount -o remount,size=64m ${disk}`,
      `[ $code = 2 ] || { echo "exit code $code"; exit 1; }`,
      `${command(`${disk}/run`)} || exit 1`,
      `cp -a ${disk}/run ${kept}`,
    ].join('\n');
    const { code, output } = shell(script, 'unshare', '--mount');
    expect(code, output).toBe(0);
    expect(output).toMatch(/the disk is full: free some space/);
    noStack(output);
    expect(digests(kept), `${kibibytes} KiB`).toEqual(digests(whole));
  }
  tell('hardship', `disks of ${sizes.join(', ')} KiB: told in a sentence, same bytes once there was room`);
});

test('files that may not grow, and few that may be open', async () => {
  const whole = await undisturbed();
  for (const [limit, sentence] of [
    ['ulimit -f 64', /Cannot write/],
    ['ulimit -n 40', /.\w{3}/],
  ] as const) {
    const out = join(temporaryFolder(), 'run');
    const { code, output } = shell(`${limit}; ${command(out)}`);
    expect([0, 2, 3], `${limit}: ${output}`).toContain(code);
    if (code !== 0) expect(output).toMatch(sentence);
    noStack(output);
    const again = shell(command(out));
    expect(again.code, again.output).toBe(0);
    expect(digests(out), limit).toEqual(digests(whole));
    tell('hardship', `${limit}: exit code ${code}, same bytes without the limit`);
  }
});

test('a clock that jumps changes nothing but times', async () => {
  const faketime = findProgram('faketime');
  if (faketime === null) return skipLoudly('hardship', 'clock jumps: there is no faketime (apt-get install faketime)');
  const whole = await undisturbed();
  for (const jump of ['-400d', '+3000d', '@2000-02-29 23:59:58']) {
    const out = join(temporaryFolder(), 'run');
    const { code, output } = shell(command(out), faketime, '-f', jump);
    expect(code, output).toBe(0);
    expect(digests(out), jump).toEqual(digests(whole));
  }
  // Ten times as fast, and beginning far away: deadlines are counted by a clock that only runs on.
  const out = join(temporaryFolder(), 'run');
  const { code, output } = shell(command(out), faketime, '-f', '@2000-01-01 00:00:00 x10');
  expect(code, output).toBe(0);
  expect(digests(out)).toEqual(digests(whole));
  tell('hardship', 'clock jumps: four, same bytes');
});

const oddNames = [
  'with blanks',
  'Übung für späte Äpfel',
  'it\'s "quoted"',
  '100%25 %s #1 ?a=b&c',
  '-rf',
  'two\nlines',
  '$HOME `id` ;ls *',
  'l'.repeat(200),
  '文件夹 🗂️',
];

test('folders and task files with odd names', async () => {
  const tasks = readFileSync(new URL('../../docs/examples/own-tasks.yaml', import.meta.url), 'utf8');
  const folder = temporaryFolder();
  // Beside the odd folders: Node itself finds no package below a folder whose name has a star.
  symlinkSync(join(dirname(entry), 'node_modules'), join(folder, 'node_modules'));
  for (const name of oddNames) {
    const place = join(folder, name);
    mkdirSync(place);
    const out = join(place, name);
    const ran = await start('run', '--policy', 'oracle', '--suite', 'smoke', '--limit', '3', '--out', out).finished;
    expect(ran.code, `${name}: ${ran.stderr}`).toBe(0);
    expect((await start('report', out).finished).code, name).toBe(0);
    const file = join(place, `${name.slice(0, 100)}.yaml`);
    writeFileSync(file, tasks);
    for (const part of ['notes-server.mjs', 'no-draft.mjs', 'garden'])
      execFileSync('cp', ['-r', fileURLToPath(new URL(`../../docs/examples/${part}`, import.meta.url)), place]);
    const checked = await start('tasks', 'check', file).finished;
    expect(checked.code, `${name}: ${checked.stdout}${checked.stderr}`).toBe(0);
    rmSync(place, { recursive: true });
  }
  tell('hardship', `${oddNames.length} odd names of folders and files: run, reported, tasks checked`);
});
