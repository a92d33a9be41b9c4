import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { describeChecked } from '../../commands/tasks.ts';
import { chooseConfinement } from '../../envs/confinement/choice.ts';
import { checkTasks } from '../../suites/own-tasks/check.ts';
import type { OwnTest } from '../../suites/own-tasks/format.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { toolstone } from '../cli/toolstone.ts';
import { checkOptions, ownServer, task, taskFolder } from './own-tasks-files.ts';
import { isWhole } from '../whole.ts';

const { folder, write, taskFile } = taskFolder();
const mcpServers = { own: ownServer() };

/** What is found in a file of one or more tasks, by id. */
async function found(...tasks: readonly object[]) {
  const checked = await checkTasks(taskFile({ mcpServers, tasks }), checkOptions);
  return Object.fromEntries(checked.map(({ id, faults, remarks }) => [id, [...faults, ...remarks].join('\n')]));
}

test('the worked example is sound', async () => {
  const checked = await checkTasks('docs/examples/own-tasks.yaml', checkOptions);
  expect(describeChecked(checked)).toBe(
    ['sound  shopping-list', 'sound  carrots', 'sound  publish', 'All 3 tasks are sound.'].join('\n'),
  );
});

const steps = (...tools: string[]) => tools.map((tool) => ({ server: 'gate', tool }));
const gateTask = (id: string, plan: object[], seen: string) => ({
  id,
  prompt: id,
  servers: ['gate'],
  checks: [{ called: { server: 'gate', tool: seen } }],
  plan,
});

test.runIf(isWhole)(
  'a plan may call a tool that comes in mid-episode; one that never comes is refused, as is any of a server whose tools stay',
  async () => {
    const server = fileURLToPath(new URL('../wild/cases/list-changed/server.ts', import.meta.url));
    const servers = { gate: { command: process.execPath, args: [server] } };
    const comes = gateTask('comes', steps('unlock', 'read_note'), 'read_note');
    const file = taskFile({
      mcpServers: servers,
      tasks: [
        comes,
        gateTask('never', steps('unlock', 'write_note'), 'unlock'),
        gateTask('too-soon', steps('read_note'), 'read_note'),
        gateTask('no-plan', [], 'read_note'),
      ],
    });
    const text = describeChecked(await checkTasks(file, checkOptions));
    expect(text).toMatch(/^sound {2}comes\nBROKEN never\n/);
    expect(text).toMatch(
      /plan\[1\]\.tool: Server gate offers no tool "write_note"\..*did not appear while the plan ran, either/,
    );
    expect(text).toMatch(
      /BROKEN too-soon\n.*plan\[0\]\.tool: .*"read_note".*did not appear while the plan ran, either/,
    );
    expect(text).toMatch(/no-plan\n.*"read_note".*No plan shows whether it comes later/);
    const played = taskFile({ mcpServers: servers, tasks: [comes] });
    const out = join(folder, 'run');
    const words = ['--policy', 'oracle', '--tasks', played, '--min-success', '1', '--out', out];
    const ran = await toolstone('run', ...words);
    expect(ran.code, ran.stderr).toBe(0);
  },
  60_000,
);

const script = (...command: string[]) => [...task().checks, { script: command }];

test('every kind of fault is found, and named by its task', async () => {
  // A script that cannot be run has other words in a box, which test/envs/script.test.ts tests.
  chooseConfinement('arguments');
  onTestFinished(() => chooseConfinement(undefined));
  write('maybe.mjs', 'console.error(`no idea`); process.exit(7)');
  const plan = task().plan ?? [];
  const results = await found(
    task({ id: 'sound' }),
    task({ id: 'unknown-tool', plan: [{ server: 'own', tool: 'wriet' }] }),
    task({ id: 'wrong-arguments', plan: [{ server: 'own', tool: 'read', arguments: {} }] }),
    task({ id: 'failing-set-up', setUp: [{ server: 'own', tool: 'read', arguments: { path: 'nowhere.txt' } }] }),
    task({ id: 'deadly-set-up', setUp: [{ server: 'own', tool: 'die' }] }),
    task({ id: 'done-already', files: { own: { 'a.txt': 'done' } } }),
    task({ id: 'wrong-plan', plan: [{ server: 'own', tool: 'write', arguments: { path: 'b.txt', text: 'done' } }] }),
    task({ id: 'damaging-plan', checks: [...task().checks, { name: 'the rest', unchanged: 'own' }] }),
    task({ id: 'failing-step', plan: [{ server: 'own', tool: 'read', arguments: { path: 'b.txt' } }] }),
    task({ id: 'too-few-turns', mostTurns: 2 }),
    task({ id: 'no-plan', plan: [] }),
    task({ id: 'no-script', checks: script('nowhere-to-be-found') }),
    task({ id: 'crashing-script', checks: script('node', 'maybe.mjs') }),
    task({
      id: 'no-json',
      checks: [
        ...task().checks,
        { result: { server: 'own', tool: 'read', arguments: { path: 'a.txt' }, path: '$.a' }, equals: 'x' },
      ],
    }),
    task({
      id: 'remembers',
      checks: [{ result: { server: 'own', tool: 'count' }, equals: '2' }],
      plan: [{ server: 'own', tool: 'count' }],
    }),
    task({ id: 'deadly-plan', plan: [...plan, { server: 'own', tool: 'die' }] }),
    task({ id: 'other-text', plan: [{ server: 'own', tool: 'write', arguments: { path: 'a.txt', text: 'doone' } }] }),
  );
  expect(results).toMatchInlineSnapshot(`
    {
      "crashing-script": "It cannot be evaluated: check script node maybe.mjs says yes: the script ended with 7, neither 0 (yes) nor 1 (no): no idea",
      "damaging-plan": "checks[1] fails after the plan. Expected: the rest. Found: it now has own file "a.txt" "done".",
      "deadly-plan": "It cannot be evaluated: Server own exited with code 1. Its last words: starting with undefined.",
      "deadly-set-up": "It cannot be evaluated: Server own exited with code 1. Its last words: starting with undefined.",
      "done-already": "Doing nothing passes: no check that code can decide asks for anything that is not already true at the start.",
      "failing-set-up": "It cannot be evaluated: set-up call 1 (own.read) failed: ENOENT: no such file or directory, open 'nowhere.txt'",
      "failing-step": "plan[0] was answered with an error: ENOENT: no such file or directory, open 'b.txt'
    checks[0] fails after the plan. Expected: file a.txt of own says "done". Found: there is no such file.",
      "no-json": "It cannot be evaluated: check own.read {"path":"a.txt"}, called at the end, gives at $.a "x": $.a cannot be looked up in the tool's result: Unexpected token 'd', "done" is not valid JSON",
      "no-plan": "",
      "no-script": "It cannot be evaluated: script nowhere-to-be-found could not be run: spawn nowhere-to-be-found ENOENT: script nowhere-to-be-found could not be run: spawn nowhere-to-be-found ENOENT",
      "other-text": "checks[0] fails after the plan. Expected: file a.txt of own says "done". Found: it says "doone".",
      "remembers": "checks[0] says no and, asked again on the same end state, yes: own.count, called at the end, gives "2"
    checks[0] says yes and, asked again on the same end state, no: own.count, called at the end, gives "2"",
      "sound": "",
      "too-few-turns": "mostTurns is 2, but the plan takes 3 turns in the view that loads tool by tool.",
      "unknown-tool": "line 35: plan[0].tool: Server own offers no tool "wriet". Did you mean "write"? Offered: environment, places, count, counted, write, read, json, die.",
      "wrong-arguments": "line 48: plan[0].arguments: these are not what own.read takes: arguments must have required property 'path'.",
      "wrong-plan": "checks[0] fails after the plan. Expected: file a.txt of own says "done". Found: there is no such file.",
    }
  `);
});

test.runIf(isWhole)('checks that change what they look at are broken', async () => {
  chooseConfinement('arguments');
  onTestFinished(() => chooseConfinement(undefined));
  write('mark.mjs', 'import { writeFileSync } from "node:fs"; writeFileSync(`${process.argv[2]}/seen`, "")');
  const results = await found(
    task({ id: 'script', checks: script('node', 'mark.mjs', '{own}') }),
    task({
      id: 'call',
      checks: [
        ...task().checks,
        { result: { server: 'own', tool: 'write', arguments: { path: 'c', text: 'x' } }, contains: 'w' },
      ],
    }),
    task({ id: 'looks', checks: script('node', '-e', '') }),
  );
  const changed =
    'The checks change what they look at: the state of own is another after its calls and scripts than before them.';
  expect(results).toEqual({ script: changed, call: changed, looks: '' });
});

const answers = (answer: OwnTest, more: object = {}) => task({ checks: [{ answer }], plan: [], answer: '40', ...more });

const job = (tasks: number) => ({
  name: 'a/seed-1',
  rows: {},
  seed: 1,
  policy: 'oracle',
  view: 'tool',
  training: null,
  evaluations: [{ split: 'test' as const, tasks }],
});

test('only a task that was seen done is sound', async () => {
  const path = taskFile({
    mcpServers,
    tasks: [
      answers({ number: 40 }, { id: 'answered' }),
      answers({ matches: '^[0-9]+$', strictness: 'exact' }, { id: 'meant' }),
      answers({ matches: '^40(?!.)' }, { id: 'narrow' }),
      task({ id: 'unplanned', plan: [] }),
    ],
  });
  const text = describeChecked(await checkTasks(path, checkOptions));
  expect(text).toMatch(/^sound {2}answered\nsound {2}meant\nsound {2}narrow\n/);
  expect(text).toMatch(/checks\[0\] refuses the plan's answer in other words: "\*\*40\*\*"/);
  expect(text).toMatch(
    /not verifiable: no plan: unplanned\n3 of 4 tasks are sound; 1 cannot be verified without a plan: write one\./,
  );

  const { policiesOf } = await import('../../baselines/open-policies.ts');
  const suite = await suiteNamed({ file: path });
  await expect(policiesOf(job(4), suite)).rejects.toThrow(/1 of 4 tasks have none: unplanned\. Give them a plan/);
  await expect(policiesOf(job(3), suite)).resolves.toBeDefined();
});

test.runIf(isWhole)('a server that does not start breaks its tasks alone, with its own words', async () => {
  const path = taskFile({
    mcpServers: { ...mcpServers, broken: ownServer({ OWN_FAULT: 'yes' }), missing: { command: 'no-such-program' } },
    tasks: [
      task(),
      task({ id: 'two', servers: ['own', 'broken'] }),
      task({ id: 'three', servers: ['own', 'missing'] }),
    ],
  });
  const text = describeChecked(await checkTasks(path, checkOptions));
  expect(text).toMatch(
    /^sound {2}one\nBROKEN two\n {7}Server broken did not start\..*exited with code 3.*starting with/,
  );
  expect(text).toMatch(/BROKEN three\n {7}Server missing did not start\..*could not be run/);
  expect(text).toMatch(
    /2 of 3 tasks are broken: fix the task, or the server if it no longer does what the plan needs\.$/,
  );
  // As a suite it cannot be run at all.
  await expect(suiteNamed({ file: path })).rejects.toThrow(
    /Server broken did not start.*\nServer missing did not start/,
  );
});

test('a stdio server works in its own folder, starts anew for each episode, and is judged by its files', async () => {
  const places = {
    result: { server: 'own', tool: 'places' },
    equals: '["/world/own","/world/.home/own","/world/own"]',
  };
  const results = await found(
    task({
      checks: [
        ...task().checks,
        places,
        { file: { server: 'own', path: 'seed.txt' }, equals: 'sown' },
        { unchanged: 'own', except: ['a.txt'] },
        // Set-up calls count as well: their server is the episode's.
        { result: { server: 'own', tool: 'counted' }, equals: '2' },
        { result: { server: 'own', tool: 'json', path: '$.items[?@.height > 10].name' }, equals: 'oak' },
      ],
      setUp: [
        { server: 'own', tool: 'count' },
        { server: 'own', tool: 'count' },
        { server: 'own', tool: 'write', arguments: { path: 'seed.txt', text: 'sown' } },
      ],
    }),
  );
  expect(results).toEqual({ one: '' });
});

test('unknown tools keep a suite from being made, each with its line', async () => {
  const path = taskFile({ mcpServers, tasks: [task({ plan: [{ server: 'own', tool: 'wriet' }] })] });
  await expect(suiteNamed({ file: path })).rejects.toThrow(
    /tasks-\d+\.yaml:\d+: tasks\[0\]\.plan\[0\]\.tool: Server own offers no tool "wriet"\. Did you mean "write"\? Offered: /,
  );
});

describe('a Streamable HTTP server', () => {
  const token = 'letmein-please-47';
  let thread: Worker;
  let url = '';
  beforeAll(async () => {
    thread = new Worker(new URL('./own-tasks-http-server.ts', import.meta.url));
    const [port] = (await once(thread, 'message')) as [number];
    url = `http://127.0.0.1:${port}/mcp`;
  });
  afterAll(() => thread.terminate());

  test.runIf(isWhole)('is reached with its headers, and checked by its results', async () => {
    const far = { type: 'http', url, headers: { Authorization: `Bearer ${token}` } };
    const path = taskFile({
      mcpServers: {
        far,
        shut: { url, headers: { Authorization: 'wrong-token-11' } },
        nobody: { url: 'http://127.0.0.1:9/' },
      },
      tasks: [
        {
          id: 'add',
          prompt: 'Add the note “milk”.',
          servers: ['far'],
          setUp: [{ server: 'far', tool: 'clear' }],
          checks: [{ result: { server: 'far', tool: 'all', path: '$.notes[*]' }, equals: 'milk' }],
          plan: [
            { server: 'far', tool: 'throw' },
            { server: 'far', tool: 'add', arguments: { text: 'milk' } },
          ],
        },
        { id: 'shut', prompt: 'p', servers: ['shut'], checks: [{ called: { server: 'shut', tool: 'all' } }] },
        { id: 'nobody', prompt: 'p', servers: ['nobody'], checks: [{ called: { server: 'nobody', tool: 'all' } }] },
      ],
    });
    const text = describeChecked(await checkTasks(path, checkOptions));
    expect(text).toMatch(
      /^sound {2}add\n +plan\[0\] was answered with an error: thrown by \[secret Authorization\] \(error -32603\)\n/,
    );
    expect(text).toMatch(/carried out only once, because a remote server cannot be reset/);
    expect(text).toMatch(/BROKEN shut\n +Server shut cannot be reached: .*not with \[secret Authorization\]/);
    expect(text).toMatch(/BROKEN nobody\n +Server nobody cannot be reached/);
    expect(text).not.toMatch(/letmein|wrong-token/);
  });
});
