import { expect, test } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import { servedRun } from '../../finetune/ors/serve.ts';
import { ask, job, open, served } from './served.ts';

const namesIn = ({ tools }: JsonObject): string[] => (tools as readonly { name: string }[]).map(({ name }) => name);

test('a server offers programs where its job says so, and records the calls that they make', async () => {
  const server = await served({ job: { ...job, execution: 'programs' } });
  const offered = namesIn((await ask(server, 'GET', `/${server.suite.name}/tools`)).body);
  expect(offered).toContain('run_program');
  expect(offered).not.toContain('call_tool');
  const [task] = server.suite.tasks('test', 1);
  const { call, close } = await open(server, 'test', 0);
  for (const { server: name, tool } of task?.plan ?? []) await call('load_tools', { server: name, tools: [tool] });
  const code = (task?.plan ?? []).map(
    ({ server: name, tool, arguments: args }) =>
      `await ${name.replaceAll('-', '_')}.${tool.replaceAll('-', '_')}(${JSON.stringify(args)});`,
  );
  await call('run_program', { code: `${code.join('\n')}\nreturn 'done'` });
  const { reward, finished } = await call('finish', task?.answer ? { answer: task.answer } : {});
  expect([reward, finished]).toEqual([1, true]);
  await close();
  const [episode] = server.trajectories();
  expect(episode).toMatchObject({ execution: 'programs', success: { verified: true } });
  const inside = episode?.turns.flatMap(({ calls }) => calls.filter(({ isInside }) => isInside)) ?? [];
  expect(inside).toHaveLength(task?.plan.length ?? 0);
});

test('runs of sessions are told apart by the execution, and are called as before without programs', async () => {
  const { suite } = await served();
  const nameOf = (execution: 'calls' | 'both') =>
    servedRun(suite, { view: 'tool', execution, reward: 'sparse', tasks: 4 });
  expect(nameOf('calls')).toMatchObject({ name: 'serve-smoke-sparse-tool', job: { rows: { views: 'remote, tool' } } });
  expect(nameOf('calls').job).not.toHaveProperty('execution');
  expect(nameOf('both')).toMatchObject({
    name: 'serve-smoke-sparse-tool-both',
    job: { execution: 'both', rows: { views: 'remote, tool, both' } },
  });
});
