import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { bad, cells, every, filled, good, judgeBefore, type Answer } from './judge-before.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const folder = () => {
  const path = mkdtempSync(join(tmpdir(), 'toolstone-verdicts-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
};
const filesIn = (path: string) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name));
const alternating: Answer = ({ schema }, number) =>
  JSON.stringify(filled(schema, () => (number % 2 === 0 ? 'no' : 'yes')));

describe('the cache', () => {
  test('answers what was asked before, by content, and nothing else', async () => {
    const cacheFolder = folder();
    let time = 0;
    const resources = { cacheFolder, now: () => (time += 5) };
    const { judge, of, asked } = await judgeBefore('ollama', '', alternating, resources);
    const [first] = await of(good);
    const [again] = await of({ ...good, key: { ...good.key, repetition: 7 }, seed: 9 });
    expect(again).toEqual(first);
    expect(judge.costs()).toMatchObject({ calls: 1, cachedCalls: 1, milliseconds: [5], answers: { scored: 24 } });
    expect(cells((await of(bad))[0]), 'another trajectory').toEqual(every(0));
    expect(asked.length).toBe(2);
    const text = filesIn(cacheFolder).map((path) => readFileSync(path, 'utf8'));
    expect(text.join('')).not.toMatch(/millisecond|time/i);

    const same = await judgeBefore('ollama', '', alternating, resources);
    expect((await same.of(good))[0], 'another process').toEqual(first);
    expect(same.judge.costs()).toMatchObject({ calls: 0, cachedCalls: 1, milliseconds: [] });
    const changed = await judgeBefore('ollama', '?evidenceTokens=500&likeliest=0', alternating, resources);
    await changed.of(good);
    expect(changed.judge.costs(), 'another way of asking').toMatchObject({ calls: 1, cachedCalls: 0 });
  });

  test('keeps what was unparseable, asks again where a call failed or a file is torn', async () => {
    const cacheFolder = folder();
    const prose = await judgeBefore('ollama', '', () => 'Well.', { cacheFolder });
    expect(cells((await prose.of(good))[0])).toEqual(cells((await prose.of(good))[0]));
    expect(prose.judge.costs()).toMatchObject({ calls: 1, cachedCalls: 1, answers: { unparseable: 24 } });
    const failing = await judgeBefore('ollama', '', () => ({ status: 400, body: 'x' }), {
      cacheFolder: join(cacheFolder, 'b'),
    });
    await failing.of(good);
    expect(existsSync(join(cacheFolder, 'b')), 'a failure on disk').toBe(false);
    for (const path of filesIn(cacheFolder)) writeFileSync(path, readFileSync(path, 'utf8').slice(0, 300));
    await prose.of(good);
    expect(prose.judge.costs()).toMatchObject({ calls: 2, cachedCalls: 1 });
  });
});
