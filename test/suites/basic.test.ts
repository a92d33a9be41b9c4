import { describe, expect, test } from 'vitest';
import { compareFacts } from '../../core/facts.ts';
import { quotedSpans } from '../../baselines/text/quoted-spans.ts';
import type { Json } from '../../core/json.ts';
import type { Split, Task } from '../../core/types.ts';
import { rubricProblems } from '../../judges/rubric/rubric.ts';
import basic from '../../suites/basic.ts';
import { suiteNamed, suiteNames } from '../../suites/tasks/suite-list.ts';
import type { Family } from '../../suites/tasks/family.ts';

const perSplit = 180;
const tasks = new Map(basic.splits.map((split) => [split, basic.tasks(split, perSplit)]));
const all = [...tasks.values()].flat();
const tasksOf = (split: Split) => tasks.get(split) ?? [];

/** Strings that a task's plan holds, without those that a tool's schema offers. */
const fixed = new Set(['encode', 'url', 'rgb', 'md5', 'sha1', 'sha256', 'crc32']);
const textsOf = (value: Json): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap((one) => textsOf(one))
      : [];
const contentOf = (task: Task) =>
  task.plan.flatMap((call) => textsOf(call.arguments)).filter((text) => !fixed.has(text));

/** A prompt without its content. */
const skeleton = (task: Task) => {
  const content = contentOf(task).toSorted((a, b) => b.length - a.length);
  return content.reduce((text, one) => text.replaceAll(one, '…'), task.prompt);
};

describe('suite basic', () => {
  test('is listed, and an unknown suite is answered with the known ones', async () => {
    expect(suiteNames()).toContain('basic');
    expect(await suiteNamed('basic')).toBe(basic);
    await expect(suiteNamed('nothing')).rejects.toThrow(/no suite "nothing".*basic/);
  });

  test('has six families over five servers or more, of one to four sub-goals', () => {
    expect(basic.families.length).toBeGreaterThanOrEqual(6);
    const used = new Set(tasksOf('train').flatMap((task) => task.plan.map((call) => call.server)));
    expect(used.size).toBeGreaterThanOrEqual(5);
    expect(new Set(tasksOf('train').map((task) => task.subGoals))).toEqual(new Set([1, 2, 3, 4]));
  });

  test('gives the same tasks for the same names, whatever is drawn beside them', () => {
    expect(basic.tasks('test', 6)).toEqual(tasksOf('test').slice(0, 6));
    const family = basic.families[2] ?? '';
    const alone = basic.tasks('test', 3, [family]);
    expect(alone).toEqual(
      tasksOf('test')
        .filter((task) => task.family === family)
        .slice(0, 3),
    );
    expect(new Set(all.map((task) => task.id)).size).toBe(all.length);
  });

  test('names unknown families, and families that no held-out server can do', () => {
    expect(() => basic.tasks('test', 1, ['nothing'])).toThrow(/no family "nothing".*file-notes/);
    expect(() => basic.tasks('held-out-server', 1, ['compute-save'])).toThrow(/file-notes/);
  });
});

describe('splits', () => {
  test('train, validation and test share no content', () => {
    const seen = new Map<string, Split>();
    for (const split of ['train', 'validation', 'test'] as const)
      for (const text of tasksOf(split).flatMap(contentOf)) {
        if (/^\d+$/.test(text) && text.length < 3) continue; // bases
        expect(seen.get(text) ?? split, `"${text}" in ${split}`).toBe(split);
        seen.set(text, split);
      }
  });

  test('wording, fuzzy and held-out-server ask for the content of test', () => {
    for (const split of ['wording', 'fuzzy', 'held-out-server'] as const)
      for (const task of tasksOf(split)) {
        const twin = tasksOf('test').find((one) => one.id === task.id.replace(split, 'test'));
        if (twin) expect(contentOf(task)).toEqual(contentOf(twin));
      }
  });

  test('wording and fuzzy prompts use no trained sentence', () => {
    const trained = new Set(tasksOf('train').map(skeleton));
    for (const split of ['wording', 'fuzzy'] as const)
      for (const task of tasksOf(split)) expect(trained.has(skeleton(task)), task.prompt).toBe(false);
  });

  test('held-out-server offers the stand-ins and not what was trained on', () => {
    for (const task of tasksOf('held-out-server')) {
      expect(task.world.servers).toEqual(basic.heldOutServers);
      expect(task.world.servers).not.toContain('filesystem');
      expect(task.world.servers).not.toContain('memory');
      expect(task.plan.some((call) => ['fast-filesystem', 'knowledge-graph'].includes(call.server))).toBe(true);
    }
  });
});

describe.each(basic.families.map((family) => ({ family })))('family $family', ({ family }) => {
  const own = all.filter((task) => task.family === family);

  test('has eight phrasings or more, six of them trained on and three not', async () => {
    const module = (await import(`../../suites/families/${family}.ts`)) as {
      readonly default: Family;
    };
    expect(module.default.wording.count).toEqual({ train: 6, wording: 3, fuzzy: 4 });
  });

  test('tells which tasks are asked in one phrasing, by their ids alone', () => {
    const phrasings = own.map(({ id, prompt }) => ({ phrasing: basic.phrasingOf?.(id) ?? '', prompt }));
    for (const { phrasing, prompt } of phrasings) {
      const { frame } = JSON.parse(phrasing) as { readonly frame: string };
      expect(prompt.startsWith(frame.split('{steps}')[0] ?? ''), prompt).toBe(true);
    }
    const distinct = new Set(phrasings.map(({ phrasing }) => phrasing)).size;
    expect(distinct).toBeGreaterThan(3);
    expect(distinct).toBeLessThanOrEqual(13);
    expect(basic.phrasingOf?.(`basic/${family}/test/mine`)).toBeNull();
    expect(basic.phrasingOf?.('basic/another/test/0001')).toBeNull();
  });

  test('quotes every value that a concrete prompt has to give, whole', () => {
    for (const task of own.filter((one) => one.split !== 'fuzzy')) {
      const spans = new Set(quotedSpans(task.prompt));
      for (const [index, call] of task.plan.entries()) {
        const computed = call.after.length > 0 && ['lookup-record', 'compute-save'].includes(family);
        const missing = textsOf(call.arguments).filter((text) => !fixed.has(text) && !spans.has(text));
        expect(missing.length, `${task.prompt} lacks ${missing.join()} of call ${index}`).toBe(computed ? 1 : 0);
      }
    }
  });

  test('gives every value exactly in fuzzy prompts too, but never one that has to be found out', () => {
    for (const task of own) {
      const looked = ['lookup-record', 'compute-save'].includes(family) ? (contentOf(task).at(-1) ?? '') : undefined;
      if (looked !== undefined) expect(task.prompt).not.toContain(looked);
      for (const text of contentOf(task)) if (text !== looked) expect(task.prompt).toContain(text);
    }
  });

  test('asks for a change, and states it the same in facts as in plan', () => {
    for (const task of own) {
      const { required, additions } = compareFacts(task.initial, expectedOf(task), task.initial);
      expect(required).toBeGreaterThan(0);
      for (const fact of additions)
        for (const part of (JSON.parse(fact.slice(fact.indexOf(' ') + 1)) as string[]).slice(1))
          if (part !== 'open' && !part.includes('\n'))
            expect(
              contentOf(task).some((text) => part.includes(text) || text.includes(part)) || isOld(task, part),
            ).toBe(true);
    }
  });

  test('has a rubric in the required form', () => {
    for (const task of own) expect(rubricProblems(task.rubric), task.id).toEqual([]);
  });
});

const expectedOf = ({ goal }: Task) => (goal.kind === 'state' ? goal.expected : {});

/** A moved file's text, which the plan does not hold. */
const isOld = (task: Task, part: string) => Object.values(task.initial).some((facts) => facts.join().includes(part));
