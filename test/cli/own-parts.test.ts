import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { policiesOf } from '../../baselines/open-policies.ts';
import { policyDefinition } from '../../baselines/policy-list.ts';
import { readLearner } from '../../baselines/learner-list.ts';
import { fixedJob } from '../../commands/shared/jobs.ts';
import { sourceOf } from '../../commands/shared/run-identity.ts';
import type { Manifest } from '../../core/run-types.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import type { EpisodeStart, Suite, World } from '../../core/types.ts';
import { judgeNamed } from '../../judges/judge-list.ts';
import { readTaskFile } from '../../suites/own-tasks/read.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import eager from '../../envs/views/eager.ts';
import search from '../../envs/views/search.ts';
import server from '../../envs/views/server.ts';
import tool from '../../envs/views/tool.ts';
import { digests, temporaryFolder, toolstone } from './toolstone.ts';
import { isWhole } from '../whole.ts';

const exampleOf = (kind: string): string =>
  readFileSync(new URL(`../../docs/examples/parts/${kind}.ts`, import.meta.url), 'utf8');

const page = readFileSync(new URL('../../docs/own-parts.md', import.meta.url), 'utf8');

async function well(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await toolstone(...args);
  expect(code, stderr).toBe(0);
  return stdout;
}

const episodesOf = (run: string): ScoredTrajectory[] =>
  readFileSync(join(run, 'trajectories.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ScoredTrajectory);
const manifestOf = (run: string): Manifest => JSON.parse(readFileSync(join(run, 'manifest.json'), 'utf8')) as Manifest;

test('the page names each meta-tool with its arguments and its views', () => {
  const views = { search, server, tool, eager };
  const world = { toolspace: { servers: [], tools: [] } } as unknown as World;
  const offered = Object.entries(views).flatMap(([view, open]) =>
    open(world, { toolNamesUpFront: false }).metaTools.map((metaTool) => ({ view, ...metaTool })),
  );
  for (const [name, [first, ...more]] of Map.groupBy(offered, ({ name }) => name)) {
    const [, given = '', where = ''] =
      new RegExp(`^\\| \`${name}\` \\| \`\\{(.*?)\\}\`.* \\| (.*) \\|$`, 'm').exec(page) ?? [];
    const keys = given.split(',').flatMap((one) => /\w+/.exec(one)?.[0] ?? []);
    expect(
      keys.filter((key) => key !== 'name'),
      name,
    ).toEqual(Object.keys(first?.inputSchema['properties'] ?? {}));
    const shown = [first, ...more].map((one) => `\`${one?.view}\``).join(', ');
    expect(where, name).toBe(more.length === 3 ? 'all' : shown);
  }
});

describe('toolstone new', () => {
  test('writes a policy that runs by its path, and a judge that judges the run', async () => {
    const out = temporaryFolder();
    expect(await well('new', 'policy', 'careful', '--out', out)).toMatch(
      /^Wrote .*careful\.ts, an example that runs as it is: change it/,
    );
    await well('new', 'judge', 'fair', '--out', out);
    const [run, judged, again] = ['run', 'judged', 'again'].map((name) => join(out, name)) as [string, string, string];
    const flags = ['--suite', 'micro', '--limit', '1', '--out', run];
    expect(await well('run', '--policy', `${join(out, 'careful.ts')}?tries=2`, ...flags)).toContain('careful.ts');
    const [episode] = episodesOf(run);
    expect(episode).toMatchObject({ policy: 'careful', outcome: { kind: 'terminated' } });
    const called = episode?.turns.filter(({ calls }) => calls[0]?.event.kind === 'called');
    expect(called, 'the setting was read').toHaveLength(2);
    const described = Object.keys(called?.[0]?.calls[0]?.observation ?? {}).map((key) => `| \`${key}\` |`);
    expect(described.length).toBeGreaterThan(0);
    expect(described.filter((row) => !page.includes(row))).toEqual([]);

    const by = ['judge', run, '--judge', join(out, 'fair.ts'), '--out'];
    expect(await well(...by, judged)).toMatch(/Judged by fair: 1 episodes, 12 verdicts: not applicable 9, scored 3\./);
    await well(...by, again);
    expect(digests(again)['trajectories.jsonl']).toBe(digests(judged)['trajectories.jsonl']);
    expect(manifestOf(judged).rejudged?.judge).toMatchObject({
      name: 'fair',
      build: expect.stringMatching(/^source /),
    });
  });

  test.runIf(isWhole)('writes a learner that trains by its path', async () => {
    const out = temporaryFolder();
    await well('new', 'learner', 'plain', '--out', out);
    const run = join(out, 'run');
    const learner = `${join(out, 'plain.ts')}?learningRate=0.02`;
    await well('train', '--algorithm', learner, '--suite', 'micro', '--episodes', '32', '--out', run);
    expect(readFileSync(join(run, 'learning.jsonl'), 'utf8')).toContain('"grad_norm"');
    expect(manifestOf(run).jobs[0]?.training?.algorithm).toBe(learner);
  });

  test.runIf(isWhole)('writes a server and a verifier, which a task file names by their paths', async () => {
    const out = temporaryFolder();
    await well('new', 'server', 'notes', '--out', out);
    await well('new', 'verifier', 'counted', '--out', out);
    const verifier = readFileSync(join(out, 'counted.ts'), 'utf8').replaceAll('my-server', 'notes');
    writeFileSync(join(out, 'counted.ts'), verifier);
    const file = join(out, 'tasks.yaml');
    const example = new URL('../../docs/examples/parts/tasks.yaml', import.meta.url);
    const tasks = readFileSync(example, 'utf8').replaceAll('my-server', 'notes').replace('server.ts', 'notes.ts');
    writeFileSync(file, tasks.replace('verifier.ts', 'counted.ts'));
    expect(await well('tasks', 'check', file)).toMatch(/^sound {2}write-plan\n[\s\S]*The task is sound\./);
    const run = join(out, 'run');
    const lazy = await well('run', '--policy', 'no-op', '--tasks', file, '--out', run);
    expect(lazy).toContain('Expected: verifier ./counted.ts says yes. Found: it said no: "there is no note “plan”"');
    expect(episodesOf(run)[0]?.evidence['']).toEqual(['["inspected","0","1","there is no note “plan”"]']);
  });

  test.each([
    [['new', 'policy', 'My Policy'], /"My Policy" is not a valid name for a policy\. Use lower-case letters/],
    [
      ['new', 'family', 'mine', '--out', '.'],
      /written into its list in the repository, suites\/families: leave out --out/,
    ],
    [['new', 'thing', 'a'], /Allowed choices are policy, judge, learner, server, verifier, family/],
  ] as const)('%j ends with 2 and a sentence', async (args, sentence) => {
    expect(await toolstone(...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(sentence) });
  });

  test('writes no family outside of a clone, and says where families and tasks of one’s own go', () => {
    const folder = temporaryFolder();
    const entry = fileURLToPath(new URL('../../toolstone.ts', import.meta.url));
    const ended = spawnSync(process.execPath, [entry, 'new', 'family', 'mine'], { cwd: folder, encoding: 'utf8' });
    expect(ended).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/Run the command in the root folder of a clone, or .*docs\/own-tasks\.md/),
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('overwrites nothing', async () => {
    const out = temporaryFolder();
    writeFileSync(join(out, 'mine.ts'), 'precious');
    const { code, stderr } = await toolstone('new', 'judge', 'mine', '--out', out);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/mine\.ts is already there/) });
    expect(readFileSync(join(out, 'mine.ts'), 'utf8')).toBe('precious');
  });
});

/** A module in a folder of its own. */
function written(text: string, name = 'mine.ts'): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return path;
}

const suite = {} as Suite;
const opened = (path: string) => policiesOf(fixedJob(path, 'tool', {}, []), suite);

const sentence = (kind: string) => `There is no file ./none.ts, which was named as the ${kind}. A relative path`;

describe('a module that is none is answered with what was expected', () => {
  test.each([
    [
      'export const mine = 1;',
      /^The policy .*mine\.ts has no default export\. Expected: `export default \{ usage, open \}`/,
    ],
    ['export default 5;', /has a default export that is a number, not an object\./],
    ["export default { usage: 'mine' };", /has a default export that lacks "open", a function\./],
    ['export default { usage: 1, open: () => 1 };', /that has a number for "usage", not a text\./],
    ['export default { open: ; };', /^The policy .*mine\.ts cannot be loaded: .*\. Expected: `export default/s],
    ["import './none.ts'; export default 1;", /cannot be loaded: .*none\.ts/],
    ["throw new Error('no luck');", /cannot be loaded: .*no luck\. Expected/],
    ["export default { usage: 'mine', open: () => ({ name: 'mine' }) };", /opens something that lacks "start"/],
    [
      "export default { usage: 'mine:FILE', open: () => 1 };",
      /needs an argument, as in "mine:FILE": give it behind a colon/,
    ],
  ])('policy %j', async (text, sentence) => {
    await expect(opened(written(text))).rejects.toThrow(sentence);
    await expect(opened(written(text))).rejects.toMatchObject({ name: 'UsageError' });
  });

  test('one that is not there, of each kind', async () => {
    await expect(policyDefinition('./none.ts:4')).rejects.toThrow(sentence('policy'));
    await expect(readLearner('./none.ts?passes=2')).rejects.toThrow(sentence('algorithm'));
    await expect(judgeNamed('./none.ts')).rejects.toThrow(sentence('judge'));
    await expect(judgeNamed('panel:code|none.ts')).rejects.toThrow('There is no file none.ts');
  });

  test('judge and learner', async () => {
    const judge = written("export default { usage: 'mine', open: () => ({ name: 'mine' }) };");
    await expect(judgeNamed(judge)).rejects.toThrow(/opens something that lacks "judge", a function/);
    const learner = written('export default { defaults: {}, make: () => 1 };');
    await expect(readLearner(learner)).rejects.toThrow(
      /lacks "choices", an object\. Expected: `export default \{ defaults/,
    );
  });

  test.runIf(isWhole)('a policy’s decision: the episode is void, and says so', async () => {
    const path = written(
      "export default { usage: 'm', open: () => ({ name: 'm', start: () => ({ act: () => 5 }) }) };",
    );
    const session = (await opened(path)).evaluated.start({} as EpisodeStart);
    await expect(session.act([])).rejects.toMatchObject({
      name: 'PolicyFailure',
      message: /decided what is no decision/,
    });
  });

  test('server and verifier, at their places in the task file', () => {
    const file = written(
      JSON.stringify({
        mcpServers: {
          notes: { module: './none.ts' },
          more: { module: './wrong.ts' },
          other: { module: './broken.ts' },
        },
        tasks: [{ id: 'a', prompt: 'p', servers: ['notes'], checks: [{ verifier: './wrong.ts' }] }],
      }),
      'tasks.json',
    );
    writeFileSync(join(file, '../wrong.ts'), 'export default { tool: 1 };');
    writeFileSync(join(file, '../broken.ts'), '\nenum A { b }\nexport default A;');
    let message = '';
    try {
      readTaskFile(file);
    } catch (error) {
      message = String(error);
    }
    for (const sentence of [
      /mcpServers\.notes\.module: There is no file \.\/none\.ts, which was named as the server\./,
      /mcpServers\.more\.module: The server \.\/wrong\.ts has a default export that lacks "tools", a list\. Expected: /,
      /mcpServers\.other\.module: The server \.\/broken\.ts cannot be loaded: line 2: TypeScript enum is not supported/,
      /tasks\[0\]\.checks\[0\]\.verifier: The verifier \.\/wrong\.ts has a default export that is an object, not a function\./,
    ])
      expect(message).toMatch(sentence);
  });
});

test('a part and what it imports are of the run’s identity, and of the task file’s hash; comments are not', async () => {
  const micro = await suiteNamed('micro');
  const policy = written(`import { answer } from './answer.ts';\n${exampleOf('policy')}\nvoid answer;\n`);
  const answer = join(policy, '../answer.ts');
  const jobs = [fixedJob(`${policy}?tries=2`, 'tool', {}, [])];
  const tasks = written(
    JSON.stringify({ tasks: [{ id: 'a', prompt: 'p', servers: ['time'], checks: [{ verifier: policy }] }] }),
    'tasks.json',
  );
  const identities = () => [sourceOf(micro, jobs), readTaskFile(tasks).hash];
  writeFileSync(answer, 'export const answer = 1;');
  writeFileSync(policy, readFileSync(policy, 'utf8').replace('export default {', 'export default () => true;\nvoid {'));
  const before = identities();
  writeFileSync(answer, '// one\nexport const answer: number = 1;');
  expect(identities()).toEqual(before);
  writeFileSync(answer, 'export const answer = 2;');
  const after = identities();
  expect(after.map((one, index) => one === before[index])).toEqual([false, false]);
  writeFileSync(policy, `${readFileSync(policy, 'utf8')}\nvoid 1;`);
  expect(identities().map((one, index) => one === after[index])).toEqual([false, false]);
});
