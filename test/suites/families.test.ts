import { describe, expect, test } from 'vitest';
import type { Task } from '../../core/types.ts';
import broad from '../../suites/broad.ts';
import { familiesNamed, familyNames } from '../../suites/tasks/family-list.ts';

const families = await familiesNamed(...familyNames);

describe.each(families)('family $name', (family) => {
  test('is asked for in eight ways and more, some of them never trained on', () => {
    const { train, wording, fuzzy } = family.wording.count;
    expect(train + wording + fuzzy).toBeGreaterThanOrEqual(8);
    expect(Math.min(train, wording, fuzzy)).toBeGreaterThanOrEqual(3);
  });

  test('keeps some shapes for training where it holds others out', () => {
    const heldOut = new Set(family.heldOutShapes ?? []);
    expect([...heldOut].every((shape) => shape >= 0 && shape < family.shapes)).toBe(true);
    expect(heldOut.size).toBeLessThan(family.shapes);
  });
});

/** The words of a prompt without what is quoted. */
const words = ({ prompt }: Task) => prompt.replaceAll(/[“"][^”"]*[”"]/g, '…');

test('prompts in wording never repeat a trained sentence', () => {
  const trained = new Set(broad.tasks('train', 40 * broad.families.length).map(words));
  for (const task of broad.tasks('wording', 10 * broad.families.length))
    expect(trained.has(words(task)), task.prompt).toBe(false);
});

test('over twenty-four families use over twelve servers, in one to twelve calls on one to four of them', () => {
  const tasks = [...broad.tasks('test', 24 * broad.families.length), ...broad.tasks('held-out-family', 60)];
  const used = new Set(tasks.flatMap((task) => task.plan.map((call) => call.server)));
  const standIns = broad.tasks('held-out-server', 200).flatMap((task) => task.plan.map((call) => call.server));
  expect(broad.families.length).toBeGreaterThanOrEqual(24);
  expect(new Set([...used, ...standIns]).size, [...used, ...standIns].join(' ')).toBeGreaterThanOrEqual(12);
  const calls = tasks.map((task) => task.plan.length);
  expect([Math.min(...calls), Math.max(...calls)]).toEqual([1, 12]);
  expect(Math.max(...tasks.map((task) => new Set(task.plan.map((call) => call.server)).size))).toBe(4);
});
