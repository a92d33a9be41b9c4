import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { oracle } from '../../baselines/policies/oracle.ts';
import growth from '../../commands/experiments/growth.ts';
import { inSizes } from '../../commands/shared/sizes.ts';
import { fixedJob } from '../../commands/shared/jobs.ts';
import { evaluationPhase } from '../../core/phase.ts';
import { toolspaceNotes } from '../../core/record/toolspace-notes.ts';
import type { ToolCount } from '../../core/distractor-types.ts';
import type { Job } from '../../core/run-types.ts';
import type { Suite, Task } from '../../core/types.ts';
import { chooseDistractors } from '../../envs/distractors/choice.ts';
import { readRequest } from '../../envs/distractors/request.ts';
import { listInstead } from '../../envs/server-list.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import searchView from '../../envs/views/search.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { choicesOf } from '../../suites/tasks/choices.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { neededServers } from '../../suites/tasks/task-servers.ts';
import { live, story } from './live-worlds.ts';

const sizes: readonly ToolCount[] = [30, 100, 300, 'all'];
const evaluations = sizes.map((tools) => ({ split: 'test', tasks: 14, tools }) as const);
const job = fixedJob('oracle', 'tool', { growth: 'oracle, tool' }, evaluations);

let suite: Suite;
let sized: Suite;
beforeAll(async () => {
  suite = await suiteNamed('basic-2');
  sized = inSizes(suite, [job]) ?? suite;
}, 60_000);
afterEach(() => chooseDistractors(undefined));
// What toolspaces draw is listed in this thread until then.
afterAll(() => listInstead([]));

const tasksAmong = (tools: ToolCount): readonly Task[] => sized.sizes?.suiteOf(tools).tasks('test', 14) ?? [];

describe('toolspaces of the sizes that jobs name', () => {
  test('are nested, hold what the task needs, and have at least so many tools', () => {
    const own = suite.tasks('test', 14);
    for (const [index, task] of own.entries()) {
      const offers = sizes.map((tools) => tasksAmong(tools)[index]?.world.servers ?? []);
      for (const [place, servers] of offers.entries()) {
        expect(servers).toEqual(expect.arrayContaining([...neededServers(task), ...(offers[place - 1] ?? [])]));
        const { tools } = toolspaceOf(servers);
        expect(tools.length).toBeGreaterThanOrEqual(Number(sizes[place]) || 2000);
      }
      // Of the suite's own servers the rest comes before any other.
      expect(suite.servers).toEqual(expect.arrayContaining(offers[0] as string[]));
      expect(offers[1]).toEqual(expect.arrayContaining([...suite.servers]));
    }
  });

  test('leave the largest server out, and those of the held-out split', () => {
    const names = tasksAmong('all').flatMap(({ world }) => world.servers);
    expect(names).not.toContain('ms365');
    expect(names).not.toContain('fast-filesystem');
  });

  test('keep a task what it is, but for what servers keep that are not there', () => {
    for (const [index, before] of suite.tasks('test', 14).entries()) {
      const [few, all] = [tasksAmong(30)[index], tasksAmong('all')[index]] as [Task, Task];
      for (const { id, prompt, plan, rubric } of [few, all])
        expect({ id, prompt, plan, rubric }).toEqual({
          id,
          prompt: before.prompt,
          plan: before.plan,
          rubric: before.rubric,
        });
      for (const [server, facts] of Object.entries(few.initial)) {
        expect(few.world.servers).toContain(server);
        expect(before.initial[server]).toEqual(facts);
        expect(all.initial[server]).toEqual(facts);
      }
    }
  });

  test('are the same whatever other jobs are there, and stand in the manifest with the tasks that are measured in them', () => {
    const other = fixedJob('retrieval', 'eager', {}, evaluations.slice(0, 1));
    expect(inSizes(suite, [job, other])?.sizes?.all).toEqual(sized.sizes?.all);
    for (const { sets } of sized.sizes?.all ?? [])
      expect(sets.flatMap(({ tasks = [] }) => tasks).toSorted()).toEqual(
        suite
          .tasks('test', 14)
          .map(({ id }) => id)
          .toSorted(),
      );
    const [note = '', ...more] = toolspaceNotes({ sizes: sized.sizes?.all ?? [], servers: {} });
    expect(more).toEqual([]);
    expect(note).toMatch(
      /^The same tasks are played among 30 to \d\d tools \(asked for: 30\), 108 tools \(asked for: 100\), /,
    );
    expect(note).toMatch(/2,\d\d\d tools \(asked for: all; 1,\d\d\d of listed servers\)/);
  });

  test('are refused beside --tools, and not made for jobs that name none', () => {
    const plain = fixedJob('oracle', 'tool', {}, [{ split: 'test', tasks: 2 }]);
    chooseDistractors(readRequest('300'));
    expect(inSizes(suite, [plain])).toBeUndefined();
    expect(() => inSizes(suite, [job])).toThrow(
      'These jobs are played among toolspaces of their own sizes: leave out --tools and --pool.',
    );
  });

  test('that cannot be had are refused', () => {
    const many = fixedJob('oracle', 'tool', {}, [{ split: 'test', tasks: 2, tools: 99_999 }]);
    expect(() => inSizes(suite, [many])).toThrow(/--tools asks for 99999 tools, and there are \d+ at most/);
  });
});

test('the oracle solves tasks in the smallest and in the largest toolspace', async () => {
  const pool = openWorldPool({ lanes: 2 });
  onTestFinished(() => pool.dispose());
  for (const tools of [30, 'all'] as const)
    for (const played of await live({
      pool,
      openView: searchView,
      policy: oracle((id) => suite.tasks('test', 14).find((task) => task.id === id) ?? { plan: [], answer: '' }),
      tasks: tasksAmong(tools).slice(0, 3),
    }))
      expect(played.success?.verified, story(played)).toBe(true);
}, 60_000);

const wayOf = ({ view, execution }: Job) => [view, ...(execution ? [execution] : [])].join(' ');

describe('the experiment growth', () => {
  const jobs = growth.jobs({ ...growth.defaults, seeds: 2, episodes: 64 });

  test('trains among the fewest tools in every view, and measures every arm on the same tasks at every size', async () => {
    const views = ['eager', 'native', 'search', 'server', 'tool', 'tool?page=10'];
    const { splits } = choicesOf(suite);
    expect(growth.jobs({ ...growth.defaults, seeds: 2, episodes: 64, splits })).toEqual(jobs);
    const ways = [...views, ...['eager', 'search', 'tool'].map((view) => `${view} programs`)];
    expect(jobs.filter(({ training }) => training).map((one) => `${one.seed} ${wayOf(one)}`)).toEqual(
      [1, 2].flatMap((seed) => ways.map((way) => `${seed} ${way}`)),
    );
    expect(new Set(jobs.flatMap(({ training }) => training?.tools ?? []))).toEqual(new Set([30]));
    const plans = new Set(jobs.map((one) => JSON.stringify(one.evaluations)));
    expect(plans.size).toBe(1);
    expect(jobs[0]?.evaluations.map(evaluationPhase)).toEqual([
      'test-30-tools',
      'test-100-tools',
      'test-300-tools',
      'test-1000-tools',
      'test-all-tools',
    ]);
  });

  test('is played without a window', () => {
    expect(growth.limits?.contextTokens).toBeGreaterThan(10_000_000);
  });
});
