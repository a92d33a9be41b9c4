import { describe, expect, test } from 'vitest';
import type { Split, Suite, Task } from '../../core/types.ts';
import { randomStream } from '../../core/seeds.ts';
import basic2 from '../../suites/basic-2.ts';
import broad2 from '../../suites/broad-2.ts';
import frames from '../../suites/grammar/frames.json' with { type: 'json' };
import { heldOutWords, inOtherWords, isHeldOut } from '../../suites/grammar/substitute.ts';
import { withTypos } from '../../suites/grammar/typos.ts';
import words from '../../suites/grammar/words.json' with { type: 'json' };
import { isWhole } from '../whole.ts';

/** A phrasing of one task, as the suite tells it. */
const phrasingOf = (suite: Suite, { id }: Task) =>
  JSON.parse(suite.phrasingOf?.(id) ?? expect.fail(`${id} has no phrasing`)) as Readonly<Record<string, string>>;
/** What of a phrasing its task says: the frame and the clauses of the kinds that it has, recognised by their words. */
const spokenOf = (suite: Suite, task: Task): readonly string[] => {
  const prompt = task.prompt.toLowerCase();
  return Object.entries(phrasingOf(suite, task)).flatMap(([kind, text]) =>
    kind !== 'join' &&
    text.split(/\{\w+\}/).every((piece) => prompt.includes(piece.toLowerCase().replace(/^[.?!]/, '')))
      ? [text]
      : [],
  );
};
const blind = (suite: Suite, task: Task) => spokenOf(suite, task).join(' | ');

const contentOf = ({ plan, answer }: Task) => JSON.stringify([plan, answer]);

const quotesOf = ({ prompt }: Task) => [...prompt.matchAll(/["“]([^"”]+)["”]/g)].map((match) => match[1] ?? '');

const said = (clause: string) => inOtherWords(clause, 'heldOut', { pick: (items) => items[0] as never });

const frameOf = (suite: Suite, task: Task) => phrasingOf(suite, task)['frame'] ?? '';

const perSplit = isWhole ? 300 : 90;

describe.each([{ suite: basic2 }, { suite: broad2 }])('suite $suite.name', ({ suite }) => {
  const made = new Map<Split, readonly Task[]>();
  const tasksOf = (split: Split) => {
    const tasks = made.get(split) ?? suite.tasks(split, perSplit);
    made.set(split, tasks);
    return tasks;
  };

  test('asks 300 test tasks in 180 ways and more', () => {
    const tasks = suite === basic2 || isWhole ? suite.tasks('test', 300) : tasksOf('test');
    const ways = new Set(tasks.map((task) => blind(suite, task)));
    expect(ways.size / tasks.length).toBeGreaterThan(0.6);
  });

  test('has held-out words in the prompts of their split, and in no other', () => {
    for (const split of suite.splits) {
      const heard = tasksOf(split).filter((task) => !isHeldOut(blind(suite, task)));
      if (split === 'held-out-word') expect(heard.map(({ prompt }) => prompt)).toEqual([]);
      else expect(heard.length, split).toBe(perSplit);
    }
  });

  test('says no frame of one register in another', () => {
    const trained = new Set(tasksOf('train').map((task) => frameOf(suite, task)));
    for (const split of ['held-out-frame', 'fuzzy', 'tone', 'typo'] as const)
      for (const task of tasksOf(split)) {
        const isSame = trained.has(frameOf(suite, task));
        // A slip may be in a clause and leave a short frame as it is.
        expect(isSame && split !== 'typo', `${split}: ${frameOf(suite, task)}`).toBe(false);
      }
  });

  test('asks for the content of test in every register of the grammar', () => {
    const expected = tasksOf('test').map(contentOf);
    for (const split of ['held-out-word', 'held-out-frame', 'fuzzy', 'tone', 'typo'] as const)
      expect(tasksOf(split).map(contentOf), split).toEqual(expected);
  });

  test('mistypes words and no value', () => {
    for (const task of tasksOf('typo')) {
      const twin = tasksOf('test').find(({ id }) => id === task.id.replace('/typo/', '/test/'));
      // A phrasing may say a value twice or leave one out that another says, but each is the task's own.
      for (const value of quotesOf(task)) expect(twin?.prompt).toContain(value);
    }
  });
});

test.each(basic2.families)('family %s has 200 phrasings and more', (family) => {
  const split = family === 'case-file' ? 'held-out-family' : 'test';
  const tasks = basic2.tasks(split, 260, [family]);
  expect(new Set(tasks.map((task) => blind(basic2, task))).size).toBeGreaterThanOrEqual(200);
});

describe('the grammar', () => {
  test('has every word in one concept alone, trained or held out', () => {
    const all = [...Object.values(words.verbs), ...Object.values(words.nouns)].flatMap(({ train, heldOut }) => [
      ...train,
      ...heldOut,
    ]);
    expect(all.filter((word, i) => all.indexOf(word) !== i)).toEqual([]);
  });

  test('shares no part of a frame between registers but the empty one', () => {
    const parts = Object.values(frames).map(({ openings, requests, closings, joins, sentenceJoins }) => [
      ...new Set([...openings, ...requests.map(({ text }) => text), ...closings, ...joins, ...sentenceJoins]),
    ]);
    const all = parts.flat().filter((part) => part !== '');
    expect(all.filter((part, i) => all.indexOf(part) !== i)).toEqual([]);
    expect(all.filter(isHeldOut)).toEqual([]);
  });

  test('says a clause in other words, articles included, and leaves names and values alone', () => {
    expect(said('create an entity “{name}” of the type “{type}”')).toBe(
      'establish a node “{name}” of the category “{type}”',
    );
    expect(said('find out the file name and delete a relation')).toBe('find out the file name and discard an edge');
    expect(heldOutWords.has('node')).toBe(true);
  });

  test('slips in longer words alone, and never in a value', () => {
    for (let seed = 0; seed < 200; seed++) {
      const text = 'create the file {path} as it is now, with {text} and nothing more';
      const typed = withTypos(text, randomStream(seed));
      expect(typed).not.toBe(text);
      expect(typed.match(/\{\w+\}/g)).toEqual(['{path}', '{text}']);
      for (const word of ['the', 'as', 'it', 'is', 'now']) expect(typed.split(/\W+/)).toContain(word);
    }
  });
});
