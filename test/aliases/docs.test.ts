import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { aliasedToolspace } from '../../envs/aliases/aliased-toolspace.ts';
import { readParaphrases } from '../../envs/aliases/paraphrases.ts';
import { readAliasing } from '../../envs/aliases/request.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { withAliases } from '../../suites/tasks/with-aliases.ts';
import { temporaryFolder } from '../cli/toolstone.ts';

const page = readFileSync(new URL('../../docs/aliases.md', import.meta.url), 'utf8');

test('the page shows what a task is shown', async () => {
  const id = /the task `([^`]+)` shows/.exec(page)?.[1];
  const suite = withAliases(await suiteNamed('micro'), readAliasing('1'));
  const task = suite.tasks('test', 4).find((one) => one.id === id);
  if (!task?.world.aliases) throw new Error(`there is no task ${id}`);
  const { toolspace, translation } = aliasedToolspace(task.world.servers, task.world.aliases);
  const rows = [...page.matchAll(/^\| (`[^|]+) \| ([^|]+) \|$/gm)].map(([, real = '', shown = '']) => [real, shown]);
  const [card] = toolspaceOf(['filesystem']).servers;
  const names = translation.names.find(({ server }) => server === 'filesystem');
  const said = toolspace.servers.find(({ name }) => name === names?.alias);
  expect(rows[0]).toEqual([`\`filesystem\`: ${card?.summary}`, `\`${said?.name}\`: ${said?.summary}`]);
  const [, ...tools] = rows;
  expect(tools.length).toBeGreaterThan(1);
  for (const [real = '', shown = ''] of tools) {
    const [tool, ...parameters] = [...real.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
    const ofTool = names?.tools.find((one) => one.tool === tool);
    const aliases = parameters.map((name) => ofTool?.parameters.find(([one]) => one === name)?.[1]);
    expect([...shown.matchAll(/`([^`]+)`/g)].map(([, name]) => name)).toEqual([ofTool?.alias, ...aliases]);
  }
});

test('the file of paraphrases on the page can be read', () => {
  const example = /```yaml\n([^]*?)```/.exec(page)?.[1] ?? '';
  const file = join(temporaryFolder(), 'texts.yaml');
  writeFileSync(file, example);
  const { servers, tools } = readParaphrases(file);
  expect([...Object.keys(servers), ...Object.keys(tools)]).toEqual(['filesystem', 'filesystem.write_file']);
});
