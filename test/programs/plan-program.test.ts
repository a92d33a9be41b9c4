import { array, assert, asyncProperty, constantFrom, nat, record, stringMatching, uniqueArray } from 'fast-check';
import { expect, test } from 'vitest';
import { planProgram } from '../../baselines/programs/plan-program.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { PlannedCall } from '../../core/plan.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { referencesOf } from '../../suites/tasks/references.ts';
import { emptyState } from '../../suites/tasks/state.ts';

interface ShownCall extends PlannedCall {
  readonly result: Json;
}

const visible = { servers: ['notes', 'far-away'].map((name) => ({ name, summary: '' })) };

/** What a program calls where each call of the plan gives its result, and what it returns. */
async function run(code: string, results: ReadonlyMap<string, Json>) {
  const calls: string[] = [];
  const server = (name: string) =>
    new Proxy(
      {},
      {
        get: (_, tool: string) => (args: JsonObject) => {
          const call = JSON.stringify([name, tool, args]);
          calls.push(call);
          return Promise.resolve(results.get(call) ?? 'ok');
        },
      },
    );
  const AsyncFunction = Object.getPrototypeOf(run).constructor as new (
    ...code: string[]
  ) => (...given: unknown[]) => Promise<unknown>;
  const returned = await new AsyncFunction('notes', 'far_away', code)(server('notes'), server('far-away'));
  return { calls, returned };
}

const nameOf = (call: PlannedCall): string => JSON.stringify([call.server, call.tool, call.arguments]);

/** The references that a task would state of these calls. */
const statedOf = (plan: readonly ShownCall[], answer = '') =>
  referencesOf({
    steps: plan.map(({ result, ...call }) => ({ ...call, change: (state) => state, shows: () => result })),
    start: emptyState,
    prompt: 'Do it.',
    answer,
  });

const word = stringMatching(/^[a-z]{3,8}( [a-z]{3,8})?$/);

test('a program takes from results what stands there, whatever the list and its order, and calls what the plan does', async () => {
  const items = uniqueArray(record({ name: word, title: word }), {
    selector: ({ name }) => name,
    minLength: 1,
    maxLength: 8,
  });
  const forms = constantFrom<(names: readonly string[]) => Json>(
    (names) => names.join('\n'),
    (names) => names.join(','),
    (names) => ({ rows: names.map((name) => ({ name, size: 3 })) }),
    (names) => names.map((name) => `[FILE] ${name}`).join('\n'),
  );
  const places = array(nat(100), { minLength: 8, maxLength: 8 });
  await assert(
    asyncProperty(items, forms, places, async (all, form, order) => {
      const shuffled = all.toSorted((one, other) => (order[all.indexOf(one)] ?? 0) - (order[all.indexOf(other)] ?? 0));
      const list: ShownCall = {
        server: 'notes',
        tool: 'list',
        arguments: { folder: 'X' },
        after: [],
        result: form(all.map(({ name }) => name)),
      };
      const copies = shuffled.flatMap(({ name, title }, index): ShownCall[] => [
        {
          server: 'notes',
          tool: 'read',
          arguments: { path: `Q/${name}` },
          after: [0],
          result: `first\ntitle: ${title}\n`,
        },
        {
          server: 'far-away',
          tool: 'write-page',
          arguments: { pages: [{ name, title }], ['__proto__']: 1 },
          after: [1 + 2 * index],
          result: 'ok',
        },
      ]);
      const plan = [list, ...copies];
      const { code } = planProgram({ plan, references: statedOf(plan), visible });
      const { calls } = await run(code, new Map(plan.map((call) => [nameOf(call), call.result])));
      expect(calls.toSorted(), code).toEqual(plan.map(nameOf).toSorted());
      if (all.length > 1) for (const { title } of all) expect(code.includes(`"${title}"`), code).toBe(false);
    }),
  );
});

test('the loops of a plan and the results that it needs stand in its program, and nothing that is not needed', () => {
  const list = {
    server: 'notes',
    tool: 'list',
    arguments: {},
    after: [],
    result: { rows: [{ path: 'b' }, { path: 'a' }] },
  };
  const reads = ['a', 'b'].map((path) => ({
    server: 'notes',
    tool: 'read',
    arguments: { path, head: 2 },
    after: [0],
    result: `key: ${path}${path}`,
  }));
  const plan = [list, ...reads];
  expect(planProgram({ plan, references: statedOf(plan), visible }).code.split('\n')).toEqual([
    'const result1 = await notes.list({});',
    'for (const item of result1.rows) await notes.read({ path: item.path, head: 2 });',
    "return 'done';",
  ]);
  // One of several needs a choice, which the plan has made: it is written down, and the list kept for nobody.
  const [first = list] = reads;
  expect(planProgram({ plan: [list, first], references: statedOf([list, first]), visible }).code.split('\n')).toEqual([
    'await notes.list({});',
    'await notes.read({ path: "a", head: 2 });',
    "return 'done';",
  ]);
});

test('what an earlier program has kept is taken in a later one, and the answer is returned', () => {
  const plan = [
    { server: 'notes', tool: 'read', arguments: { path: 'a' }, after: [], result: 'place: Rome\nowner: Ada' },
    { server: 'far-away', tool: 'send', arguments: { to: 'Ada' }, after: [0], result: 'sent' },
  ];
  const options = { plan, references: statedOf(plan, 'Rome'), visible };
  const earlier = planProgram({ ...options, end: 1 });
  expect(earlier.code).toContain('const result1 = await notes.read');
  expect(planProgram({ ...options, first: 1, kept: earlier.kept }).code.split('\n')).toEqual([
    'await far_away.send({ to: result1.match(/^owner: (.*)$/m)[1] });',
    'return result1.match(/^place: (.*)$/m)[1];',
  ]);
  expect(planProgram({ ...options, first: 1 }).code).toContain('to: "Ada"');
});

test('what the prompt gives is written down, and what a result alone gives is taken from it', async () => {
  const [task] = (await suiteNamed('basic')).tasks('test', 1, ['lookup-record']);
  if (!task) throw new RangeError('basic has no such task');
  const { code } = planProgram({ plan: task.plan, references: task.references ?? [], visible: { servers: [] } });
  const [read, note] = code.split('\n');
  expect(read).toContain(JSON.stringify(task.plan[0]?.arguments['path']));
  expect(note).toMatch(/contents: \[result1\.match\(/);
});
