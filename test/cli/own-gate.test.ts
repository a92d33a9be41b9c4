import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { playJobs } from '../../commands/shared/own-gate-jobs.ts';
import type { Split } from '../../core/types.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { referenceOfWords } from '../reports/tasks-record.ts';
import { ownServer, task, taskFolder } from '../suites/own-tasks-files.ts';
import { temporaryFolder, toolstone, toolstoneProcess } from './toolstone.ts';
import { isWhole } from '../whole.ts';

const { folder, write } = taskFolder();
const file = write('errands/tasks.yaml', {
  name: 'errands',
  mcpServers: { own: { ...ownServer({ BOOKINGS_FILE: 'bookings.json' }), args: ['{HERE}/server.mjs', '{FOLDER}'] } },
  tasks: [task(), task({ id: 'two', plan: [{ server: 'own', tool: 'json', arguments: {} }] })],
});
const bookings = write('errands/bookings.json', '[]');
const server = write('errands/server.mjs', readFileSync(join(folder, 'server.mjs'), 'utf8'));
const gate = (...more: readonly string[]) => toolstoneProcess('gate', '--tasks', file, ...more);

test('a task that the policy loses is named, by play and by a finished run; equal play is green, with few tasks', async () => {
  const out = join(temporaryFolder(), 'run');
  const none = await toolstone('gate', '--tasks', file, '--policy', 'oracle');
  expect(none.code).toBe(2);
  expect(none.stderr).toMatch(
    /There is no reference in .*errands\/toolstone-reference yet\. To accept .*--accept "first numbers"/,
  );

  const accepted = await gate('--policy', 'oracle', '--repeat', '2', '--accept', 'first', '--out', out);
  expect(accepted.code, accepted.stderr).toBe(0);
  expect(accepted.stdout).toMatch(
    /^Accepted as reference: .*\n1 of 2 tasks passed every time\.\n1 never passed: two\. The gate cannot notice if these get worse\. /,
  );
  const reference = JSON.parse(readFileSync(join(dirname(file), 'toolstone-reference/reference.json'), 'utf8')) as {
    readonly tasks: readonly { readonly passed: readonly boolean[] }[];
  };
  expect(reference.tasks.map(({ passed }) => passed)).toEqual([
    [true, true],
    [false, false],
  ]);

  if (isWhole) {
    const equal = await gate('--out', out, '--quiet');
    expect(equal.code, equal.stderr).toBe(0);
    expect(equal.stderr).toBe('');
    expect(equal.stdout).toMatch(/^Failing, as in the reference: two\.$/m);
    expect(equal.stdout).toMatch(/None of 2 tasks regressed since the reference \("first"\)\.\ngate: pass\n$/);
    const below = await gate(out, '--threshold', '0.6');
    expect(below.code).toBe(1);
    expect(below.stdout).toMatch(/The mean is 0\.50, below the threshold of 0\.60\./);
  }

  const text = readFileSync(server, 'utf8');
  writeFileSync(server, text.replace('writeFileSync(path, text', 'void (path, text'));
  if (isWhole) {
    const stale = await gate(out);
    expect(stale.code).toBe(2);
    expect(stale.stderr).toMatch(/The run is of errands@\w+, and the task file is now errands@\w+\. Leave the run out/);
  }

  writeFileSync(bookings, '["Ann Leeds"]');
  const lost = await gate('--out', out);
  expect(lost.code, lost.stderr).toBe(1);
  expect(lost.stderr).toMatch(/^2 tasks × 2 repeats of a deterministic policy/);
  expect(lost.stdout).toMatch(/^Drift: The files that the task one starts with changed\.\n +- SHA-256 \w{12}\n/);
  expect(lost.stdout).toMatch(
    /The task one passed 2 of 2 in the reference, now 0 of 2\. checks\[0\] failed\. Expected: file a\.txt of own says "done"\. Found: there is no such file\.\ngate: regressed\n$/,
  );
  if (!isWhole) return;
  const again = await gate(out);
  expect(again.code, again.stderr).toBe(1);
  expect(again.stdout).toBe(lost.stdout);

  const unknown = await gate(out, '--policy', 'random');
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toMatch(/The run has no policy of that name and view\. .*it has oracle, tool\./);
}, 300_000);

test('a tool that the server renamed is a loss, a server that no longer starts no data; the other tasks are played, all files written', async () => {
  const text = readFileSync(join(folder, 'server.mjs'), 'utf8');
  const script = write('renamed/server.mjs', text);
  const tasks = write('renamed/tasks.yaml', {
    name: 'renamed',
    mcpServers: { own: ownServer(), steady: { ...ownServer(), args: ['{HERE}/steady.mjs', '{FOLDER}'] } },
    tasks: [
      task({ checks: [{ called: { server: 'own', tool: 'count' } }], plan: [{ server: 'own', tool: 'count' }] }),
      task({
        id: 'two',
        servers: ['steady'],
        checks: [{ called: { server: 'steady', tool: 'count' } }],
        plan: [{ server: 'steady', tool: 'count' }],
      }),
    ],
  });
  // Its tools may change while an episode goes on, so that a task that lacks one is played all the same.
  const changing = text.replace('capabilities: { tools: {} }', 'capabilities: { tools: { listChanged: true } }');
  const steady = write('renamed/steady.mjs', changing);
  const files = Object.fromEntries(
    ['junit', 'badge', 'summary'].map((name) => [name, join(folder, 'renamed', name)] as const),
  ) as Record<'junit' | 'badge' | 'summary', string>;
  const flags = Object.entries(files).flatMap(([name, path]) => [`--${name}`, path]);
  const out = join(temporaryFolder(), 'run');
  const gateOf = (...more: readonly string[]) => toolstoneProcess('gate', '--tasks', tasks, '--out', out, ...more);
  expect((await gateOf('--policy', 'oracle', '--accept', 'first')).code).toBe(0);

  writeFileSync(script, text.replace('  count: ()', '  count_all: ()'));
  const lost = await gateOf(...flags);
  expect(lost.code, lost.stderr).toBe(1);
  expect(lost.stdout).toMatch(/^Drift: The tool count of server own was removed\.$/m);
  expect(lost.stdout).toMatch(
    /^The task one passed 1 of 1 in the reference, and can no longer be played\. It needs the tool count, which server own no longer offers \(was it renamed to count_all\?\)\.\ngate: regressed$/m,
  );
  expect(readFileSync(files.junit, 'utf8')).toMatch(/name="two"><system-out>steady: 1\/1 .*name="one"><failure/);
  expect(readFileSync(files.badge, 'utf8')).toMatch(/"regressed, 0\.50"/);
  expect(readFileSync(files.summary, 'utf8')).toMatch(/\| one \| regressed \| 1\/1 \|/);
  if (!isWhole) return;

  const alone = await gateOf('--task', 'one');
  expect(alone.code, 'nothing is left to play').toBe(1);

  writeFileSync(steady, changing.replace('  count: ()', '  count_all: ()'));
  const played = await gateOf('--task', 'two');
  expect(played.code, played.stderr).toBe(1);
  expect(played.stdout).toMatch(
    /^The task two passed 1 of 1 in the reference, now 0 of 1\. It needs the tool count, which server steady no longer offers \(was it renamed to count_all\?\)\. checks\[0\] failed\. .*Server steady has no tool "count".*\ngate: regressed$/m,
  );
  writeFileSync(steady, changing);

  writeFileSync(script, 'process.exit(1)');
  for (const path of Object.values(files)) rmSync(path);
  const dead = await gateOf(...flags);
  expect(dead.code, dead.stderr).toBe(3);
  expect(dead.stdout).toMatch(
    /^1 task could not be played: one\. Server own did not start\. .*\ngate: not enough data$/m,
  );
  expect(Object.values(files).filter((path) => !existsSync(path))).toEqual([]);

  writeFileSync(script, text);
  writeFileSync(tasks, readFileSync(tasks, 'utf8').replace('tool: count', 'tool: tally'));
  const never = await gateOf();
  expect(never.code, 'a tool that was never there is a mistake in the file').toBe(2);
  expect(never.stderr).toMatch(/Server own offers no tool "tally"\./);
}, 300_000);

test('what the reference holds of a policy is played again, unless the user says otherwise', async () => {
  const basic = await suiteNamed('basic');
  const suite = { ...basic, tasks: (split: Split) => basic.tasks(split, 2) };
  const older = referenceOfWords(['11'], { policy: 'oracle', view: 'server' });
  const [first, ...more] = playJobs({}, older, suite);
  expect(first).toMatchObject({ policy: 'oracle', view: 'server', seed: 1 });
  expect(first).not.toHaveProperty('execution');
  expect(more).toHaveLength(1);
  const reference = { ...older, execution: 'programs' } as const;
  expect(playJobs({ view: 'tool' }, reference, suite)).toMatchObject([
    { name: 'oracle-tool-programs/seed-1', view: 'tool', execution: 'programs' },
    { name: 'oracle-tool-programs/seed-2', view: 'tool', execution: 'programs' },
  ]);
});

test.runIf(isWhole)(
  'a reference of programs is played again by programs',
  async () => {
    const tasks = write('programs/tasks.yaml', {
      name: 'programs',
      mcpServers: {
        own: { ...ownServer({ BOOKINGS_FILE: '{FOLDER}/bookings.json' }), args: ['{HERE}/server.mjs', '{FOLDER}'] },
      },
      tasks: [task()],
    });
    write('programs/server.mjs', readFileSync(join(folder, 'server.mjs'), 'utf8'));
    const out = join(temporaryFolder(), 'run');
    const run = await toolstoneProcess(
      'run',
      '--policy',
      'oracle',
      '--tasks',
      tasks,
      '--execution',
      'programs',
      '--out',
      out,
    );
    expect(run.code, run.stderr).toBe(0);
    const accepted = await toolstoneProcess('gate', out, '--tasks', tasks, '--accept', 'programs');
    expect(accepted.code, accepted.stderr).toBe(0);
    const again = join(temporaryFolder(), 'again');
    const gated = await toolstoneProcess('gate', '--tasks', tasks, '--out', again);
    expect(gated.code, gated.stdout + gated.stderr).toBe(0);
    expect(gated.stdout).not.toContain('Drift');
    const { jobs } = JSON.parse(readFileSync(join(again, 'manifest.json'), 'utf8')) as {
      readonly jobs: readonly object[];
    };
    expect(jobs).toMatchObject([{ policy: 'oracle', view: 'tool', execution: 'programs' }]);
  },
  300_000,
);

test.runIf(isWhole)(
  'what cannot be compared is refused in a sentence',
  async () => {
    const here = dirname(file);
    const other = write('errands/other.yaml', {
      name: 'chores',
      mcpServers: { own: ownServer() },
      tasks: [task({ id: 'sweep' })],
    });
    const elsewhere = await toolstone('gate', '--tasks', other, '--policy', 'oracle');
    expect(elsewhere.code).toBe(2);
    expect(elsewhere.stderr).toMatch(
      /is of other tasks: of errands@\w+ \(one, two\), while the file makes chores@\w+ \(sweep\)/,
    );

    write('errands/new/reference.json', '<<<<<<< HEAD');
    const corrupt = await toolstone('gate', '--tasks', other, '--reference', join(here, 'new'));
    expect(corrupt.code).toBe(2);
    expect(corrupt.stderr).toMatch(/new\/reference\.json is corrupt .* or make it again with --accept/);
    const unnamed = await toolstone('gate', '--tasks', other, '--reference', join(here, 'new'), '--accept', 'first');
    expect(unnamed.code).toBe(2);
    expect(unnamed.stderr).toMatch(/name it with --policy NAME/);
    const blind = ['--policy', 'no-op', '--accept', 'first', '--reference', join(here, 'blind')];
    const unsolved = await toolstone('gate', '--tasks', other, ...blind);
    expect(unsolved.code).toBe(2);
    expect(unsolved.stderr).toMatch(/No task passed with no-op, .* nothing was accepted/);
    expect(existsSync(join(here, 'blind'))).toBe(false);

    const house = await toolstone('gate', '--repeat', '3', '--junit', 'x.xml');
    expect(house.code).toBe(2);
    expect(house.stderr).toMatch(/--repeat, --junit belong to a gate of your own tasks: name their file with --tasks/);

    const both = await toolstone('gate', '--tasks', file, '--allow-drift', '--fail-on', 'drift');
    expect(both.code).toBe(2);
    const reasonless = await toolstone('gate', '--tasks', file, '--accept', ' ');
    expect(reasonless.code).toBe(2);
    expect(reasonless.stderr).toMatch(/needs a reason/);
  },
  60_000,
);
