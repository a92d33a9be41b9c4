import { afterAll, expect, test } from 'vitest';
import { noOp } from '../../baselines/policies/no-op.ts';
import { oracle } from '../../baselines/policies/oracle.ts';
import type { Policy, Task } from '../../core/types.ts';
import { readAliasing } from '../../envs/aliases/request.ts';
import toolView from '../../envs/views/tool.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { withAliases } from '../../suites/tasks/with-aliases.ts';
import { live, story } from '../suites/live-worlds.ts';
import { taskFolder } from '../suites/own-tasks-files.ts';

const { write, taskFile } = taskFolder();
const pool = openWorldPool({ lanes: 1 });
afterAll(() => pool.dispose());

/** Passes where the calls that it is told of are by real names, and their results, too. */
write(
  'real.mjs',
  `import { readFileSync } from 'node:fs';
const { calls } = JSON.parse(readFileSync(0, 'utf8'));
const [one] = calls;
const isReal = one?.server === 'filesystem' && one.tool === 'write_file' && one.arguments.path === '/world/filesystem/a.txt' && one.result.includes('/world/filesystem/a.txt');
process.exit(isReal ? 0 : 1);
`,
);

const file = taskFile({
  name: 'mine',
  tasks: [
    {
      id: 'one',
      prompt: 'Write “done” into /world/filesystem/a.txt with write_file, and say where it is.',
      servers: ['filesystem'],
      setUp: [{ server: 'filesystem', tool: 'create_directory', arguments: { path: '/world/filesystem/b' } }],
      checks: [
        { file: { server: 'filesystem', path: 'a.txt' }, equals: 'done' },
        { called: { server: 'filesystem', tool: 'write_file', arguments: { content: 'done' } } },
        { neverCalled: { server: 'filesystem', tool: 'read_file' } },
        { script: [process.execPath, 'real.mjs'] },
        { result: { server: 'filesystem', tool: 'read_text_file', arguments: { path: 'a.txt' } }, contains: 'done' },
        { answer: { contains: '/world/filesystem/a.txt' } },
      ],
      rubric: [{ criterion: 'filesystem.write_file is called once.' }],
      plan: [
        {
          server: 'filesystem',
          tool: 'write_file',
          arguments: { path: '/world/filesystem/a.txt', content: 'done' },
        },
      ],
      answer: 'It is in /world/filesystem/a.txt.',
    },
  ],
});

test('own tasks say other names in prompt, criteria and checks, and their scripts real ones', async () => {
  const suite = withAliases(await suiteNamed({ file }), readAliasing('1'));
  const [task] = suite.tasks('test', 1) as [Task];
  const [call] = task.plan;
  expect(task.prompt).toBe(`Write “done” into /world/${call?.server}/a.txt with ${call?.tool}, and say where it is.`);
  expect(task.rubric.criteria[0]?.description).toBe(`${call?.server}.${call?.tool} is called once.`);
  const play = async (policy: Policy) => (await live({ pool, openView: toolView, policy, tasks: [task] }))[0];
  const [solved, idle] = [await play(oracle(() => task)), await play(noOp())];
  if (!solved || !idle) throw new Error('nothing was played');
  expect(solved.success, story(solved)).toEqual({ verified: true, properFinish: true });
  expect(idle.success, story(idle)).toEqual({ verified: false, properFinish: false });
  expect(solved.evidence['filesystem']).toContain('["file","a.txt","done"]');
});
