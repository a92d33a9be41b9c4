import { expect, test } from 'vitest';
import makePointer from '../../baselines/pointer/pointer.ts';
import { networkSettings } from '../../baselines/pointer/settings.ts';
import { readPrompt } from '../../baselines/pointer/prompt.ts';
import { makeText } from '../../baselines/pointer/text.ts';
import { byStems, byVectors } from '../../baselines/pointer/word-reading.ts';
import openTool from '../../envs/views/tool.ts';
import { tinyEpisode } from './tiny-toolspace.ts';

const vectors = byVectors();
const isAsked = (prompt: string, reading = vectors) => readPrompt(prompt, reading).answerClause !== null;
const idsOf = (words: string[], reading = vectors) => new Set(makeText([{ role: 'focus', words }], reading).ids);

/** The first tool that the untrained policy loads, likeliest choice by likeliest choice. */
async function loadedFirst(words: 'stems' | 'vectors', prompt: string): Promise<unknown> {
  const pointer = makePointer(1, { ...networkSettings.defaults, words });
  const { actions } = await tinyEpisode(pointer.greedy, openTool, prompt, 1);
  return actions.find(({ name }) => name === 'load_tools')?.arguments['tools'];
}

test.each([
  ['Establish a directory “inbox”.', ['create_folder']],
  ['Enlarge the directory tree by “inbox”.', ['create_folder']],
  ['Compose a document “inbox/a.txt”.', ['write_file']],
])('by vectors the untrained policy finds the tool of words that no tool has: %s', async (prompt, tool) => {
  expect(await loadedFirst('vectors', prompt)).toEqual(tool);
  expect(await loadedFirst('stems', prompt)).not.toEqual(tool);
});

test('a word is like itself, in part like its synonyms, and like no other', () => {
  expect(vectors.shareIn('folder', new Set(['the', 'folder']))).toBe(1);
  const synonym = vectors.shareIn('folder', new Set(['directory']));
  expect(synonym).toBeGreaterThan(0.2);
  expect(synonym).toBeLessThan(1);
  expect(vectors.shareIn('folder', new Set(['marriage', 'xqzzyv']))).toBe(0);
  expect(byStems.shareIn('folder', new Set(['directory']))).toBe(0);
});

test('a text by vectors has all features of a text by stems, and shares more of them with one that says the same', () => {
  const [plain, read, synonym] = [idsOf(['delete'], byStems), idsOf(['delete']), idsOf(['erase'])];
  expect([...plain].every((id) => read.has(id))).toBe(true);
  expect(read.intersection(synonym).size).toBeGreaterThan(0);
  expect(plain.intersection(idsOf(['erase'], byStems)).size).toBe(0);
});

test('what asks to be told something is known by its likeness to plain verbs, not by the phrasings of training', () => {
  expect(isAsked('Read “a.txt” and respond with its size.')).toBe(true);
  expect(isAsked('Read “a.txt” and respond with its size.', byStems)).toBe(false);
  for (const prompt of ['Look around and answer with “x”.', 'Which file is the oldest?'])
    expect(isAsked(prompt)).toBe(true);
  expect(isAsked('Move “a.txt” to “b.txt”, then delete the folder “old”.')).toBe(false);
});
