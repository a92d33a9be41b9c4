import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunEnd } from '../../reports/end/types.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';
import { isWhole } from '../whole.ts';

const call = (tool: string, args: object) => ({ server: 'filesystem', tool, arguments: args });
const writes = (path: string, content: string) => call('write_file', { path: `/world/filesystem/${path}`, content });
const says = (path: string, text: string) => ({ file: { server: 'filesystem', path }, equals: text });

/** Own tasks that fail in ways of their own when their plans are carried out: those of the oracle are wrong on purpose. */
const tasks = [
  { id: 'done', checks: [says('a.txt', 'x')], plan: [writes('a.txt', 'x')] },
  { id: 'other-text', checks: [says('a.txt', 'x')], plan: [writes('a.txt', 'y\nz')] },
  { id: 'no-file', checks: [says('a.txt', 'x')], plan: [call('write_file', { path: 'a.txt' })] },
  { id: 'answer', checks: [{ answer: { number: 40 } }], answer: '41' },
  {
    id: 'touched',
    checks: [says('a.txt', 'x'), { unchanged: 'filesystem', except: ['a.txt'] }],
    plan: [writes('a.txt', 'x'), writes('b.txt', 'too much')],
  },
  { id: 'uncalled', checks: [{ called: call('read_text_file', {}) }], plan: [writes('a.txt', 'x')] },
  {
    id: 'forbidden',
    checks: [says('a.txt', 'x'), { neverCalled: call('write_file', {}) }],
    plan: [writes('a.txt', 'x')],
  },
  {
    id: 'result',
    checks: [{ result: call('list_directory', { path: '/world/filesystem' }), contains: 'c.txt' }],
    plan: [writes('a.txt', 'x')],
  },
  { id: 'script', checks: [{ script: ['sh', '-c', 'echo no luck; exit 1'] }], plan: [writes('a.txt', 'x')] },
].map((task) => ({ prompt: `Do ${task.id}.`, servers: ['filesystem'], ...task }));

function ofTasks(...ids: readonly string[]) {
  const folder = temporaryFolder();
  const path = join(folder, 'tasks.json');
  writeFileSync(path, JSON.stringify({ tasks: tasks.filter(({ id }) => ids.length === 0 || ids.includes(id)) }));
  const words = ['run', '--policy', 'oracle', '--tasks', path, '--out', join(folder, 'run'), '--fresh'];
  return { folder, run: (...more: readonly string[]) => toolstone(...words, ...more) };
}

test('each failing task is named with its first check and what was found, in text, JSON and JUnit alike', async () => {
  const { folder, run } = ofTasks();
  const junit = join(folder, 'junit.xml');
  const { code, stdout, stderr } = await run('--json', '--junit', junit);
  expect(code, stderr).toBe(0);
  const { rows, failing } = JSON.parse(stdout) as RunEnd;
  expect(Object.fromEntries(failing.map(({ task, reason }) => [task.split('/').at(-1), reason]))).toEqual({
    'other-text': 'checks[0] failed. Expected: file a.txt of filesystem says "x". Found: it says "y\\nz"',
    'no-file': expect.stringMatching(
      /^checks\[0\] failed\. Expected: file a\.txt of filesystem says "x"\. Found: there is no such file\. First failed call: filesystem\.write_file, refused: .*content/,
    ) as string,
    answer: 'checks[0] failed. Expected: the final answer is 40. Found: it was "41"',
    touched: expect.stringMatching(
      /^checks\[1\] failed\. Expected: filesystem stays as it was, a\.txt apart\. Found: it now has .*b\.txt.*too much/,
    ) as string,
    uncalled: 'checks[0] failed. Expected: filesystem.read_text_file is called. Found: it never was',
    forbidden: 'checks[1] failed. Expected: filesystem.write_file is never called. Found: it was called',
    result: expect.stringMatching(
      /^checks\[0\] failed\. Expected: .*contains "c\.txt"\. Found: it gave "\[FILE\] a\.txt"$/,
    ) as string,
    script: expect.stringMatching(
      /^checks\[0\] failed\. Expected: script .*\. Found: it said no: "no luck"$/,
    ) as string,
  });
  expect(rows).toMatchObject([{ policy: 'oracle', episodes: 9, success: { tasks: 9 }, money: { kind: 'none' } }]);
  const xml = readFileSync(junit, 'utf8');
  expect(xml).toContain('<testsuite name="oracle, test" tests="9" failures="8" errors="0" skipped="0">');
  expect(xml).toMatch(
    /name="tasks\/own\/test\/answer"><failure message="checks\[0\] failed\. Expected: the final answer is 40\. Found: it was &quot;41&quot;"\/>/,
  );
}, 120_000);

test('a policy that never finishes is told what it was refused last, and that its solved task counts', async () => {
  const { folder } = ofTasks('done', 'answer');
  const policy = join(folder, 'lost.mjs');
  const load = { name: 'load_tools', arguments: { server: 'filesystem', tools: ['write_file'] } };
  const write = { name: 'call_tool', arguments: writes('a.txt', 'x') };
  writeFileSync(
    policy,
    `const actions = ${JSON.stringify([load, write])};
export default {
  usage: 'lost',
  settings: { defaults: {}, choices: {} },
  open: () => ({ name: 'lost', start: () => {
    let turn = 0;
    return { act: () => ({ calls: [{ action: actions[turn++] ?? { name: 'finsh', arguments: {} } }] }) };
  } }),
};`,
  );
  const words = ['run', '--policy', policy, '--tasks', join(folder, 'tasks.json'), '--out', join(folder, 'lost')];
  const { code, stdout, stderr } = await toolstone(...words);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(
    /✗ answer: checks\[0\] failed\. Expected: the final answer is 40\. Found: there was none \(cut off: turn limit, last refused with “There is no function "finsh"\. Use one of: .*finish\.”\)\n/,
  );
  expect(stdout).toMatch(/test: 1 solved episode was cut off before finish was called; success only asks whether/);
}, 60_000);

test.runIf(isWhole)(
  'the exit code says what a run was asked to reach; repeats tell pass@k and pass^k',
  async () => {
    const { run } = ofTasks('done', 'answer');
    const repeated = await run('--repeat', '2', '--fail-on', 'task', '--quiet');
    expect(repeated.code).toBe(1);
    expect(repeated.stderr, 'quiet').toBe('');
    expect(repeated.stdout).toMatch(
      /^oracle, test: 1 of 2 tasks not solved in each of 2 repeats\n {2}✗ answer \(2 of 2\): checks\[0\].*\n\npolicy +split +success +n +pass@k +pass\^k +tokens +turns +seconds\noracle +test +0\.50 .* 2 × 2 +0\.50 +0\.50 .*\n\nHow many of the test tasks does “?oracle[^]*\n\nReport: .*report\.html\n$/,
    );
    expect((await run('--min-success', '0.6')).code).toBe(1);
    expect((await run('--min-success', '0.5')).code).toBe(0);
    const { run: runDone } = ofTasks('done');
    expect((await runDone('--fail-on', 'task', '--min-success', '1')).code).toBe(0);
  },
  120_000,
);

test.runIf(isWhole)(
  'what code finds nothing wrong with is for a judge: no success, no failure, no void episode',
  async () => {
    const { folder } = ofTasks();
    const path = join(folder, 'judged.json');
    const judged = { judged: 'what a.txt says is friendly' };
    const one = (id: string, text: string) => ({
      id,
      prompt: 'p',
      servers: ['filesystem'],
      checks: [{ file: { server: 'filesystem', path: 'a.txt' }, matches: '^x' }, judged],
      rubric: [{ criterion: 'What it says is friendly.' }],
      plan: [writes('a.txt', text)],
    });
    writeFileSync(path, JSON.stringify({ tasks: [one('open', 'xx'), one('wrong', 'y')] }));
    const junit = join(folder, 'judged.xml');
    const words = ['run', '--policy', 'oracle', '--tasks', path, '--out', join(folder, 'judged'), '--junit', junit];
    const { code, stdout, stderr } = await toolstone(...words);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      /2 of 2 tasks not known to be solved\n {2}✗ wrong: .*\n {2}\? 1 for a judge: code found nothing/,
    );
    expect(stdout).toMatch(/policy .*n +for a judge .*\noracle +test +0\.00 .* 1 +1 /);
    expect(stderr).toContain(
      '1 of 2 recorded episodes pass what code can check, and only a judge can decide whether they are right',
    );
    expect(stderr).not.toContain('void');
    expect(readFileSync(junit, 'utf8')).toContain('tests="2" failures="1" errors="0" skipped="1"');
    const checked = await toolstone('tasks', 'check', path);
    expect(checked.stdout).toMatch(/^for a judge: open\n.*only a judge can decide on the rest\.\nBROKEN wrong\n/);
    expect(checked.stdout).toMatch(
      /1 of 2 tasks is broken: [^.]*\. 0 of 2 tasks are sound; 1 can be solved as far as code can tell/,
    );
  },
  120_000,
);

test.runIf(isWhole)(
  'a run of which every episode is void ends with 3',
  async () => {
    const { folder } = ofTasks();
    const path = join(folder, 'void.json');
    const broken = { id: 'void', prompt: 'p', servers: ['filesystem'], checks: [{ script: ['sh', '-c', 'exit 7'] }] };
    writeFileSync(path, JSON.stringify({ tasks: [broken] }));
    const words = ['run', '--policy', 'no-op', '--tasks', path, '--out', join(folder, 'void')];
    const { code, stdout } = await toolstone(...words, '--fail-on', 'task');
    expect(code).toBe(3);
    expect(stdout).toMatch(/✗ void: void, task: check script .* ended with 7/);
  },
  60_000,
);
