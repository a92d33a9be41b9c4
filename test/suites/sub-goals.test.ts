import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { quotedSpans } from '../../baselines/text/quoted-spans.ts';
import { randomStream } from '../../core/seeds.ts';
import { sinks, sourceNamed, sources, sinkNamed } from '../../suites/goals/sub-goal-list.ts';
import { heldOutPairs, isHeldOutPair, isHeldOutSuccession } from '../../suites/goals/held-out-pairs.ts';
import found from '../../suites/goals/found.json' with { type: 'json' };
import places from '../../suites/goals/places.json' with { type: 'json' };
import boardTexts from '../../suites/families/board-complete.json' with { type: 'json' };
import joinTexts from '../../suites/families/three-servers.json' with { type: 'json' };
import noteTexts from '../../suites/families/vault-notes.json' with { type: 'json' };
import { drawFrom } from '../../suites/tasks/draw.ts';
import { familiesNamed } from '../../suites/tasks/family-list.ts';
import type { Draft, Family } from '../../suites/tasks/family.ts';
import { phrase, type Texts, type WrittenRegister } from '../../suites/tasks/phrasing.ts';
import { emptyState } from '../../suites/tasks/state.ts';
import { trainedRoles as roles } from '../../suites/tasks/step.ts';
import { canGive, compose, type Part } from '../../suites/tasks/sub-goal.ts';
import { convertedTime, drawZone, zoneOffsets } from '../../suites/tasks/time-steps.ts';

const registers: readonly WrittenRegister[] = ['train', 'wording', 'fuzzy'];
const families = await familiesNamed(
  'board-complete',
  'chain',
  'collect',
  'from-board',
  'from-calculation',
  'from-file',
  'from-graph',
  'from-page',
  'from-time',
  'from-vault',
  'long-work',
  'rungs',
  'rungs-read',
  'three-servers',
  'vault-notes',
);
const draftOf = (family: Family, shape: number, index: number): Draft =>
  family.draft(drawFrom('test', 1000 * shape + index, family.name), roles, shape);

/** A clause's sub-goal, and whether it points at what was found before. */
const goalOf = (kind: string) => ({ name: kind.replace(/-(found|list)$/, ''), isFound: /-(found|list)$/.test(kind) });

const allTexts: [string, Texts][] = [
  ...[...sources, ...sinks].map(({ name, texts }): [string, Texts] => [name, texts]),
  ...[boardTexts, joinTexts, noteTexts].flatMap((file) => Object.entries(file) as [string, Texts][]),
];
/** Runs of words between a text's values. */
const runs = (text: string, length: number): string[] =>
  text.split(/[“"]?\{\w+\}[”"]?/).flatMap((part) => {
    const words = part.match(/[\p{L}'-]+/gu) ?? [];
    return words.slice(length - 1).map((_, start) => words.slice(start, start + length).join(' '));
  });

const valuesOf = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();

describe.each(allTexts)('texts of %s', (_, texts) => {
  test('are many in every manner, each an imperative that fits every frame', () => {
    expect([texts.train.length >= 8, texts.wording.length >= 3, texts.fuzzy.length >= 3]).toEqual([true, true, true]);
    const all = registers.flatMap((register) => texts[register]);
    expect(new Set(all).size).toBe(all.length);
    for (const text of all) {
      expect(text).toMatch(/^[a-z]+,? /);
      expect(text, 'ends or breaks a sentence').not.toMatch(/[.?!;:](\s|$)/);
      expect(text).not.toMatch(/^(please|then|and|i|it|you|we|there|in|to) /);
    }
  });

  test('have the same values in every way of asking, quoted unless they are vague', () => {
    const [first = ''] = texts.train;
    for (const register of registers)
      for (const text of texts[register]) {
        expect(valuesOf(text), text).toEqual(valuesOf(first));
        const bare = text.replaceAll(/“\{\w+\}”|\{(place|it)\}/g, '');
        if (register !== 'fuzzy') expect(bare, text).not.toContain('{');
      }
  });

  test('use other words where they are not trained', () => {
    const trained = new Set(texts.train.flatMap((text) => runs(text, 5)));
    for (const text of [...texts.wording, ...texts.fuzzy])
      expect(
        runs(text, 5).filter((run) => trained.has(run)),
        text,
      ).toEqual([]);
  });
});

test('every file of both folders is a sub-goal of its name, with words for what it points at', () => {
  for (const [folder, list] of [
    ['sources', sources],
    ['sinks', sinks],
  ] as const) {
    const files = readdirSync(new URL(`../../suites/goals/${folder}/`, import.meta.url));
    expect(list.flatMap(({ name }) => [`${name}.json`, `${name}.ts`])).toEqual(files.sort());
  }
  expect(sources.length).toBeGreaterThanOrEqual(7);
  expect(sinks.length).toBeGreaterThanOrEqual(8);
  for (const { placeKind } of sources) expect(Object.keys(places)).toContain(placeKind);
  const pools = [...Object.values(places).flatMap(Object.values), ...Object.values(found)] as Texts[];
  for (const texts of pools)
    for (const register of registers) {
      expect(texts[register].length).toBeGreaterThanOrEqual(2);
      for (const text of texts[register]) if (register !== 'train') expect(texts.train).not.toContain(text);
    }
});

test('composing shifts what steps depend on, and counts sub-goals that have a call', () => {
  const step = { server: 's', tool: 't', arguments: {}, change: (state: typeof emptyState) => state };
  const clause = { kind: 'k', values: {} };
  const parts: Part[] = [
    { steps: [step, { ...step, after: [0] }], clause, needs: [] },
    { steps: [step], clause, needs: [] },
    { steps: [step, step, { ...step, after: [0, 1] }], clause, needs: [0, 1] },
    { steps: [], clause, needs: [2], answer: { test: { equals: 'x' }, reference: 'x' } },
  ];
  const draft = compose(emptyState, parts);
  expect(draft.steps.map(({ after }) => after)).toEqual([[], [0], [], [1, 2], [1, 2], [3, 4]]);
  expect([draft.subGoals, draft.clauses.length, draft.answer?.reference]).toEqual([3, 4, 'x']);
});

describe.each(families.map((family) => ({ family, name: family.name })))('family $name', ({ family }) => {
  test('keeps what is found out of 200 prompts, and quotes the rest where it is not vague', () => {
    for (let index = 0; index < 200; index++) {
      const draft = draftOf(family, index % family.shapes, index);
      const register = registers[index % 3] as WrittenRegister;
      const prompt = phrase(family.wording.pick(register, randomStream(index)), draft.clauses);
      const spans = new Set(quotedSpans(prompt));
      expect(prompt).not.toMatch(/[{}]/);
      for (const { kind, values } of draft.clauses)
        for (const [name, value] of Object.entries(values)) {
          const isHidden = goalOf(kind).isFound && (name === 'place' || name === 'value');
          if (isHidden) for (const line of value.split('\n')) expect(prompt).not.toContain(line);
          else if (register === 'fuzzy') expect(prompt).toContain(value);
          else expect(spans, `${value} in ${prompt}`).toContain(value);
        }
      if (draft.answer) for (const line of draft.answer.reference.split('\n')) expect(prompt).not.toContain(line);
    }
  });

  test('can be done in the order of its steps, and changes something or asks for an answer', () => {
    for (let shape = 0; shape < family.shapes; shape++) {
      const { start, steps, subGoals, answer } = draftOf(family, shape, 0);
      const end = steps.reduce((state, step) => step.change(state), start);
      expect(end !== start || answer !== undefined).toBe(true);
      expect(steps.every(({ after = [] }, index) => after.every((before) => before >= 0 && before < index))).toBe(true);
      expect(subGoals).toBeGreaterThanOrEqual(1);
      if (family.name !== 'long-work') expect([subGoals <= 6, steps.length <= 8]).toEqual([true, true]);
      if (family.name.startsWith('rungs')) expect([subGoals, steps.length]).toEqual([shape + 1, shape + 1]);
    }
  });
});

test('long work is a chain of eight to twelve calls on three or four servers', async () => {
  const [family] = (await familiesNamed('long-work')) as [Family];
  for (let shape = 0; shape < family.shapes; shape++) {
    const { steps } = draftOf(family, shape, 0);
    expect([steps.length >= 8, steps.length <= 12]).toEqual([true, true]);
    expect([3, 4]).toContain(new Set(steps.map(({ server }) => server)).size);
    for (const [index, { after }] of steps.entries()) expect(after).toEqual(index === 0 ? [] : [index - 1]);
  }
});

/** Names of sub-goals of which the second is told by what the first found. */
const meetings = (draft: Draft): [string, string][] => {
  const goals = draft.clauses.map(({ kind }) => ({ kind, ...goalOf(kind) }));
  return goals.flatMap(({ kind, name, isFound }, index): [string, string][] =>
    kind.endsWith('-list')
      ? goals.slice(0, index).map((before) => [before.name, name])
      : isFound
        ? [[goals[index - 1]?.name ?? '', name]]
        : [],
  );
};
const isSource = (name: string) => sources.some((one) => one.name === name);

describe('held-out compositions', () => {
  const trained = families.flatMap((family) =>
    Array.from({ length: family.shapes }, (_, shape) => ({ family, shape })).filter(
      ({ shape }) => !family.heldOutShapes?.includes(shape),
    ),
  );
  test('are never trained, though each of their parts is', () => {
    const seen = new Set<string>();
    for (const { family, shape } of trained)
      for (const [first, second] of meetings(draftOf(family, shape, 0))) {
        seen.add(first).add(second);
        const isHeldOut = isSource(second)
          ? isHeldOutSuccession(sourceNamed(first), sourceNamed(second))
          : isHeldOutPair(sourceNamed(first), sinkNamed(second));
        expect(isHeldOut, `${family.name} trains ${first} with ${second}`).toBe(false);
      }
    for (const { name } of [...sources, ...sinks]) expect([...seen]).toContain(name);
  });

  test('are about one in six, and each has its tasks', () => {
    const possible = sources.flatMap((source) => sinks.filter((sink) => canGive(source, sink.wants)));
    expect(heldOutPairs.length / possible.length).toBeGreaterThan(1 / 8);
    expect(heldOutPairs.length / possible.length).toBeLessThan(1 / 5);
    const kept = new Set(
      families.flatMap((family) =>
        (family.heldOutShapes ?? []).flatMap((shape) => meetings(draftOf(family, shape, 0)).map((pair) => pair.join())),
      ),
    );
    for (const pair of heldOutPairs) expect([...kept]).toContain(pair.join());
  });
});

test('time zones have the offset stated, on any date, and every pool has several', () => {
  for (const [zone, minutes] of Object.entries(zoneOffsets))
    for (const month of [1, 4, 7, 10, 13, 25, 31]) {
      const moment = Date.UTC(2026, month, 11, 12);
      const clock = new Date(moment).toLocaleString('sv-SE', { timeZone: zone });
      expect(Date.parse(`${clock.replace(' ', 'T')}Z`) - moment, zone).toBe(minutes * 60_000);
    }
  expect(convertedTime('2026-12-31 20:15:00', 'America/Lima', 'Asia/Kathmandu')).toBe('2027-01-01 07:00:00');
  for (const content of ['train', 'validation', 'test'] as const) {
    const draw = drawFrom(content, 1, 'zones');
    const zones = new Set(Array.from({ length: 200 }, () => drawZone(draw)));
    expect(new Set([...zones].map((zone) => zoneOffsets[zone])).size, content).toBeGreaterThanOrEqual(3);
  }
});
