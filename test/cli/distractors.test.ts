import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { oracle } from '../../baselines/policies/oracle.ts';
import { amongDistractors } from '../../commands/shared/distractors.ts';
import type { Distractors } from '../../core/distractor-types.ts';
import { splits } from '../../core/splits.ts';
import type { Manifest } from '../../core/run-types.ts';
import type { Action, Policy, Suite, Task } from '../../core/types.ts';
import { chooseDistractors } from '../../envs/distractors/choice.ts';
import { readRequest } from '../../envs/distractors/request.ts';
import toolView from '../../envs/views/tool.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { verify } from '../../judges/truth/verifier.ts';
import { suiteNamed, suiteNames } from '../../suites/tasks/suite-list.ts';
import { withDistractors } from '../../suites/tasks/with-distractors.ts';
import { recordedSuite } from '../../suites/tasks/without-servers.ts';
import { live, story } from '../suites/live-worlds.ts';

afterEach(() => chooseDistractors(undefined));

const among = (suite: Suite, asked: string): Suite => {
  chooseDistractors(readRequest(asked));
  return amongDistractors(suite);
};

test('a suite without --tools is the very same', async () => {
  const micro = await suiteNamed('micro');
  expect(amongDistractors(micro)).toBe(micro);
});

describe.each(suiteNames())('suite %s', (name) => {
  test('never has a server of its own, nor of its held-out split, among its distractors', async () => {
    const suite = await suiteNamed(name);
    const own = new Set([...suite.servers, ...suite.heldOutServers]);
    const { distractors } = among(suite, '900');
    for (const set of distractors?.sets ?? []) {
      expect(set.tools).toBeGreaterThanOrEqual(900);
      expect(set.servers.filter((server) => own.has(server))).toHaveLength(set.own.length);
      expect(set.servers).toEqual(expect.arrayContaining([...set.own]));
    }
  });

  test('has distractors around every task of every split', async () => {
    const suite = await suiteNamed(name);
    const played = among(suite, '900');
    for (const split of splits.filter((one) => suite.splits.includes(one))) {
      const [task] = played.tasks(split, 1) as [Task];
      const [before] = suite.tasks(split, 1) as [Task];
      expect(task.world.servers.length, split).toBeGreaterThan(before.world.servers.length);
      expect({ id: task.id, prompt: task.prompt, plan: task.plan, rubric: task.rubric }).toEqual({
        id: before.id,
        prompt: before.prompt,
        plan: before.plan,
        rubric: before.rubric,
      });
    }
  });
});

/** Drawn by hand: one stateful server of the catalogue, and a listed one. */
const byHand: Distractors = {
  asked: 'by hand',
  sets: [
    {
      own: ['filesystem', 'memory'],
      servers: ['github', 'filesystem', 'memory-bank', 'memory'],
      tools: 0,
      listedTools: 0,
      nearTools: 0,
      clashingTools: 0,
    },
  ],
};

/** Does what the task asks for, and before it calls one tool of another server. */
function strayingInto(tasks: readonly Task[], server: string, tool: string, args: object): Policy {
  const inner = oracle((id) => tasks.find((task) => task.id === id) ?? { plan: [], answer: '' });
  const stray = [
    { name: 'load_tools', arguments: { server, tools: [tool] } },
    { name: 'call_tool', arguments: { server, tool, arguments: args } },
  ] as unknown as readonly Action[];
  return {
    name: 'straying',
    start: (episode) => {
      const session = inner.start(episode);
      const left = [...stray];
      return {
        act: (observations, user) => {
          const action = left.shift();
          return action ? { calls: [{ action }] } : session.act(left.length === 0 ? observations : [], user);
        },
      };
    },
  };
}

test('among distractors the oracle solves tasks, a listed server does no harm, and a changed distractor is damage', async () => {
  const suite = withDistractors(await suiteNamed('micro'), byHand);
  const pool = openWorldPool({ lanes: 1 });
  onTestFinished(() => pool.dispose());
  const tasks = suite.tasks('test', 2);
  const solution = (id: string) => tasks.find((task) => task.id === id) ?? { plan: [], answer: '' };
  const play = (policy: Policy) => live({ pool, openView: toolView, policy, tasks });
  for (const played of await play(oracle(solution))) expect(played.success?.verified, story(played)).toBe(true);
  for (const played of await play(strayingInto(tasks, 'github', 'list_issues', { owner: 'a', repo: 'b' }))) {
    expect(played.success?.verified, story(played)).toBe(true);
    expect(played.turns[1]?.calls[0]?.observation).toMatchObject({ text: 'fetch failed', isError: true });
  }
  const write = { projectName: 'p', fileName: 'f.md', content: 'x' };
  for (const played of await play(strayingInto(tasks, 'memory-bank', 'memory_bank_write', write))) {
    expect(played.success?.verified, story(played)).toBe(false);
    // As the suite is made again from the run's manifest.
    const manifest = { suite: 'micro', distractors: byHand, jobs: [] } as unknown as Manifest;
    const recorded = (await recordedSuite(manifest)).tasks('test', 2).find(({ id }) => id === played.task.id) as Task;
    expect(verify(recorded, played)).toEqual(played.success);
  }
});
