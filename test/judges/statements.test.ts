import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileFact } from '../../core/facts.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import { clausesIn } from '../../judges/embedded/clauses.ts';
import { propositions, type Particulars } from '../../meta-evaluation/statements/propositions.ts';
import { statementsOf } from '../../meta-evaluation/statements/statements.ts';
import strangers from '../../meta-evaluation/statements/strangers.json' with { type: 'json' };
import { heldOut, styleNames, trainedStyles, wordingsOf } from '../../meta-evaluation/statements/styles.ts';
import { callText, evidenceOf } from '../../meta-evaluation/statements/evidence.ts';
import {
  callTurn,
  episode,
  file,
  finishTurn,
  folder,
  loadTurn,
  makeFolder,
  stray,
  task,
  wholePlan,
  write,
} from './episodes.ts';

const look = callTurn('filesystem', 'list_directory', { path: '.' }, { text: 'inbox' });
const failed = callTurn('filesystem', 'write_file', { path: 'inbox/a.txt' }, { isError: true });
const refused = callTurn('filesystem', 'write_file', {}, { isRefused: true });
const done = { files: [folder, file] };

const truth = (name: string, one: Trajectory, about: Particulars = {}) =>
  propositions[name]?.(evidenceOf(task, one), about);

describe('what a witness says of an episode', () => {
  const whole = episode([...wholePlan, finishTurn], done);
  const old = fileFact('old.txt', 'mine');
  const withOld = { ...task, initial: { ...task.initial, filesystem: [old] } };
  const about = (files: readonly string[]) => evidenceOf(withOld, episode([look, write], { files, of: withOld }));

  const cases: readonly (readonly [string, Trajectory, boolean | null, Particulars?])[] = [
    ['no-error', whole, true],
    ['no-error', episode([makeFolder, failed, write], done), false],
    ['no-error', episode([finishTurn]), null],
    ['recovered', episode([failed, write], done), true],
    ['recovered', episode([write, failed]), false],
    ['repeated', episode([write, write]), true],
    ['repeated', whole, false],
    ['looked-first', episode([look, write]), true],
    ['looked-first', episode([write, look]), false],
    ['looked-first', episode([callTurn('their', 'tool', {}), write]), null],
    ['wrote', episode([look]), false],
    ['used-tool', whole, true, { tool: 'filesystem.write_file' }],
    ['used-tool', episode([refused]), null, { tool: 'filesystem.write_file' }],
    ['order', whole, true, { tool: 'filesystem.create_directory', after: 'filesystem.write_file' }],
    ['order', whole, false, { tool: 'filesystem.write_file', after: 'filesystem.create_directory' }],
    ['unused-load', episode([loadTurn('git', 'git_log'), write]), true],
    ['calls-most', whole, true, { count: 2 }],
    ['calls-exact', episode([write, refused]), null, { count: 2 }],
    ['finished', episode(wholePlan), false],
    ['answered', whole, false],
    ['changed', episode([look]), false],
    ['exists', whole, true, { thing: { server: 'filesystem', kind: 'file', name: 'inbox/a.txt' } }],
    ['holds', whole, true, { text: 'hello' }],
    ['made-count', whole, true, { kind: 'file', count: 1 }],
    ['done', whole, true],
    ['done', episode([makeFolder], { files: [folder] }), false],
    ['nothing-extra', episode(wholePlan, { files: [folder, file, stray] }), false],
    ['done', episode([], { outcome: { kind: 'truncated', cause: 'damage' } }), null],
  ];
  test.each(cases.map(([name, one, expected, particulars]) => ({ name, one, expected, particulars })))(
    '$name: $expected',
    ({ name, one, expected, particulars }) => {
      expect(truth(name, one, particulars)).toBe(expected);
    },
  );

  const say = (name: string, files: readonly string[]) => propositions[name]?.(about(files), {});

  test('tells what was there before from what is new', () => {
    expect([say('nothing-removed', [old, file]), say('old-intact', [old, file])]).toEqual([true, true]);
    expect([say('nothing-removed', [file]), say('added', [old])]).toEqual([false, false]);
    const other = fileFact('old.txt', 'yours');
    expect([say('nothing-removed', [other]), say('old-intact', [other])]).toEqual([true, false]);
  });

  test('takes calls for equal whatever the order of keys and items, and values for different', () => {
    const one = callText('a', 'b', { list: [{ x: 1, y: 2 }, 'z'], path: '/world/a/f' });
    expect(callText('a', 'b', { path: './f', list: ['z', { y: 2, x: 1 }] })).toBe(one);
    expect(callText('a', 'b', { path: 'f', list: ['z', { y: 1, x: 2 }] })).not.toBe(one);
  });
});

describe('styles', () => {
  test('are ten and more, some of them never trained on, and say what is known to be decided', () => {
    expect(styleNames.length).toBeGreaterThanOrEqual(10);
    expect(heldOut).toHaveLength(4);
    expect(trainedStyles.filter((style) => heldOut.includes(style))).toEqual([]);
    const said = styleNames.flatMap((style) => Object.keys(wordingsOf(style)));
    expect([...new Set(said)].filter((name) => !propositions[name])).toEqual([]);
    expect(Object.keys(propositions).filter((name) => !said.includes(name))).toEqual([]);
  });

  test('share no sentence with each other, nor with the fourteen', () => {
    const sentences = styleNames.flatMap((style) =>
      Object.values(wordingsOf(style)).flatMap(({ is, not }) => [...is, ...not].map((text) => ({ style, text }))),
    );
    const ofHeldOut = sentences.filter(({ style }) => heldOut.includes(style)).map(({ text }) => text);
    const trained = new Set(sentences.filter(({ style }) => !heldOut.includes(style)).map(({ text }) => text));
    expect(ofHeldOut.filter((text) => trained.has(text))).toEqual([]);
    expect(strangers).toHaveLength(14);
    const all = new Set(sentences.map(({ text }) => text));
    expect(strangers.filter(({ text }) => all.has(text))).toEqual([]);
  });

  test('give the same statements for the same seed, each thing said once in a style, with both answers', () => {
    const options = { seed: 3, perStyle: 6 };
    const one = episode([...wholePlan, finishTurn], done);
    const made = statementsOf(task, one, options);
    expect(statementsOf(task, one, options)).toEqual(made);
    for (const [style, ofStyle] of Map.groupBy(made, (each) => each.style)) {
      const said = ofStyle.map(({ proposition }) => proposition);
      if (style !== 'compound') expect(new Set(said).size, style).toBe(said.length);
      for (const { text } of ofStyle) expect(text, style).not.toMatch(/[{}[\]|]/);
    }
    expect(new Set(made.map((each) => each.truth))).toEqual(new Set([true, false, null]));
  });
});

describe('clauses of a criterion', () => {
  test.each([
    ['No call failed, and the file "a, and the b" exists.', ['No call failed', 'the file "a, and the b" exists.']],
    ['It finished. Besides, `read_file` was used.', ['It finished', '`read_file` was used.']],
    ['Calls fit their schemas, and are answered.', ['Calls fit their schemas, and are answered.']],
    ['The tools are called: a.b, and the rest.', ['The tools are called: a.b, and the rest.']],
    ['', ['']],
  ])('of %j', (text, clauses) => {
    expect(clausesIn(text)).toEqual(clauses);
  });

  test('are at least one and few, of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const clauses = clausesIn(text);
        expect(clauses.length).toBeGreaterThan(0);
        expect(clauses.length).toBeLessThanOrEqual(6);
      }),
      { numRuns: 50 },
    );
  });
});
