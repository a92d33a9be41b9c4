import { expect, test } from 'vitest';
import { differencesOf, type Making } from '../../commands/shared/making.ts';

const server = { package: 'a-server@1.0.0', tools: 1, schemaHash: 'aa' };
const run: Making = {
  modules: 'code',
  files: { 'llama:small.gguf': ['weights'], oracle: [] },
  version: '1.0.0',
  node: '24.1.0',
  suite: 'basic',
  servers: { files: server },
};

test('a machine that would play the same has no differences', () => {
  expect(differencesOf(run, structuredClone(run))).toEqual([]);
});

test.each<[string, Partial<Making>, RegExp]>([
  ['code', { modules: 'other' }, /code that plays episodes differs.*same commit/],
  ['version', { version: '0.9.0', modules: 'other' }, /^Toolstone is 0\.9\.0 on this machine, and 1\.0\.0 in the run/],
  ['Node', { node: '26.0.0' }, /^Node is 26\.0\.0/],
  ['no model file', { files: { 'llama:small.gguf': [] } }, /"llama:small\.gguf" names is not on this machine/],
  ['another model file', { files: { 'llama:small.gguf': ['x'] } }, /"llama:small\.gguf" names holds something else/],
  [
    'package',
    { servers: { files: { ...server, package: 'a-server@2.0.0' } } },
    /files is a-server@2\.0\.0 on this machine/,
  ],
  ['tools', { servers: { files: { ...server, schemaHash: 'bb' } } }, /files offers other tools/],
  ['tasks', { suite: 'own-1234' }, /tasks are own-1234 on this machine/],
  ['tokenizer', { tokenizer: 'x' }, /tokenizer is another/],
])('another %s is named alone, with its cure', (_, other, sentence) => {
  const [difference, ...others] = differencesOf(run, { ...run, ...other });
  expect(others).toEqual([]);
  expect(difference).toMatch(sentence);
  expect(difference).toMatch(/: (?:put|copy|install|check|look)/);
});
