import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import { callsOf } from '../../core/trajectory.ts';
import type { MetaTool, OpenView, Suite, Task, WorldPool } from '../../core/types.ts';
import { oracle } from '../../baselines/policies/oracle.ts';
import native from '../../envs/views/native.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { bindingFault, pythonName } from '../../finetune/ors/binding.ts';
import { boundTools } from '../../finetune/ors/bound-tools.ts';
import { openCatalogue } from '../../finetune/ors/catalogue.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { live } from '../suites/live-worlds.ts';
import { ask, newSid, open, served } from './served.ts';

const tool = (name: string, properties: JsonObject = {}, required: readonly string[] = []): MetaTool => ({
  name,
  description: '',
  inputSchema: { type: 'object', properties, required },
});

interface Spec {
  readonly name: string;
  readonly input_schema: JsonObject;
}
const specsIn = (body: JsonObject) => body['tools'] as unknown as readonly Spec[];
const namesIn = (body: JsonObject) => specsIn(body).map(({ name }) => name);

describe('functions under names of Python', () => {
  const from = { type: 'string' };
  const tools = [tool('calc__base', { from, 'to-base': from, digits: from }, ['from', 'to-base']), tool('get-sum')];
  const { specs, faults, meant } = boundTools(tools);

  test('and their parameters are what trainers are told, and calls of them mean the view’s', () => {
    expect(faults).toEqual([]);
    expect(specs).toMatchObject([{ name: 'calc__base' }, { name: 'get_sum' }]);
    expect(specs[0]?.['input_schema']).toEqual({
      type: 'object',
      properties: { from_: from, to_base: from, digits: from },
      required: ['from_', 'to_base'],
    });
    const written = { name: 'calc__base', arguments: { from: 'ff', 'to-base': '2' } };
    expect(meant({ name: 'calc__base', arguments: { from_: 'ff', to_base: '2', digits: null } })).toEqual(written);
    expect(meant(written), 'as the view’s sentences say').toEqual(written);
    expect(meant({ name: 'get_sum', arguments: {} }).name).toBe('get-sum');
    expect(meant({ name: 'get_difference', arguments: { a: null } })).toEqual({
      name: 'get_difference',
      arguments: { a: null },
    });
  });

  test('are known where there can be none', () => {
    expect(boundTools([tool('a-b'), tool('a_b'), tool('c', { 'd-e': {}, d_e: {} }), tool('2nd')]).faults).toEqual([
      'a-b: a_b would have the same name in Python',
      'a_b: a-b would have the same name in Python',
      'c: two parameters would have the same name in Python',
      '2nd: "2nd" is no name in Python',
    ]);
  });
});

/** A task's plan as calls of functions under the names that trainers have. */
function solution({ plan, answer }: Task): readonly (readonly [string, JsonObject])[] {
  const steps = plan.map(({ server, tool: name, arguments: args }) => {
    const given = Object.entries(args).map(([key, value]) => [pythonName(key), value]);
    return [pythonName(`${server}__${name}`), Object.fromEntries(given) as JsonObject] as const;
  });
  return [...steps, ['finish', answer === '' ? { answer: null } : { answer }]];
}

describe('a server in the view native', () => {
  let pool: WorldPool;
  beforeAll(() => {
    pool = openWorldPool({ lanes: 2 });
  });
  afterAll(() => pool.dispose());

  test('offers the functions that training tasks share, and records calls of them as any policy’s', async () => {
    const server = await served({ pool, openView: native });
    const { body } = await ask(server, 'GET', '/tools');
    expect(specsIn(body).flatMap((spec) => bindingFault(spec.name, spec.input_schema) ?? [])).toEqual([]);
    expect(namesIn(body)).toEqual(expect.arrayContaining(['calc__base', 'filesystem__write_file', 'finish']));
    const [task] = server.suite.tasks('test', 1) as [Task];
    const session = await open(server, 'test', 0);
    expect((await ask(server, 'GET', '/task_tools', { sid: session.sid })).body).toEqual(body);
    let last;
    for (const [name, input] of solution(task)) last = await session.call(name, input);
    expect(last).toMatchObject({ reward: 1, finished: true });
    const [recorded] = server.trajectories();
    const [own] = await live({ pool, openView: native, policy: oracle(() => task), tasks: [task] });
    expect(recorded?.turns).toEqual(own?.turns);
    const [first] = callsOf(recorded ?? { turns: [] });
    expect(first).toMatchObject({ action: { name: 'call_tool' }, written: { name: expect.stringContaining('__') } });
    expect(server.told).toEqual([]);
  });

  test('gives a task with other servers functions of its own, says so once, and what is not there is told', async () => {
    const server = await served({ pool, openView: native });
    const shared = namesIn((await ask(server, 'GET', '/tools')).body);
    for (const index of [0, 1]) {
      const sid = await newSid(server);
      await ask(server, 'POST', '/create', { sid, body: { split: 'held-out-server', index } });
      const own = namesIn((await ask(server, 'GET', '/task_tools', { sid })).body);
      expect(new Set(own)).not.toEqual(new Set(shared));
      await ask(server, 'POST', '/delete', { sid });
    }
    expect(server.told).toEqual([
      expect.stringMatching(/^Tasks of the split held-out-server, such as .* ask GET \/task_tools in the session\.$/),
    ]);
    const frozen = await open(server, 'held-out-server', 0);
    const gone = await frozen.call('filesystem__write_file', { path: 'a', content: 'b' });
    expect(gone.text).toMatch(/^There is no function "filesystem__write_file"\./);
  });
});

test('a suite whose training tasks have other servers each is refused', async () => {
  const smoke = await suiteNamed('smoke');
  const differing: Suite = {
    ...smoke,
    tasks: (...asked) =>
      smoke.tasks(...asked).map((task, place) => ({
        ...task,
        world: { ...task.world, servers: place === 1 ? task.world.servers.slice(1) : task.world.servers },
      })),
  };
  expect(() => openCatalogue({ suite: differing, tasks: 4, openView: native })).toThrow(
    /trainers fix their tools before the first: smoke\/\S+\/train\/0000 has other servers than smoke\/\S+\/train\/0000\./,
  );
  const turned: Suite = {
    ...smoke,
    tasks: (...asked) =>
      smoke.tasks(...asked).map((task, place) => ({
        ...task,
        world: { ...task.world, servers: place === 1 ? task.world.servers.toReversed() : task.world.servers },
      })),
  };
  expect(() => openCatalogue({ suite: turned, tasks: 4, openView: native })).not.toThrow();
});

const odd: OpenView = (world, options) => {
  const view = native(world, options);
  return { ...view, metaTools: [...view.metaTools, tool('reset')] };
};

test('functions that trainers cannot bind are refused by name', async () => {
  const suite = await suiteNamed('smoke');
  expect(() => openCatalogue({ suite, tasks: 1, openView: odd })).toThrow(
    /^Trainers cannot bind 1 of \d+ functions \(reset: trainers use the name reset themselves\)\./,
  );
});
