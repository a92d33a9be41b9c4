import { expect, test } from 'vitest';
import { partsText } from '../../commands/shared/machine.ts';
import { toolstone } from './toolstone.ts';

test('doctor says of each part whether it is there and what it is for, in 100 columns', async () => {
  const { code, stdout, stderr } = await toolstone('doctor');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^Node +24\.\d+\.\d+ +runs everything/m);
  for (const name of ['git', 'bubblewrap', 'user namespaces', 'Landlock', 'shared memory', 'open files'])
    expect(stdout).toMatch(new RegExp(`^${name} +\\S`, 'm'));
  for (const name of ['Ollama', 'node-llama-cpp', 'small model', 'python3', 'trainer', 'Redis', 'Chromium'])
    expect(stdout).toMatch(new RegExp(`^${name} +\\S`, 'm'));
});

test('what is missing is told with the command that adds it, and no line is wider than 100 columns', () => {
  const { name, purpose, remedy } = { name: 'bubblewrap', purpose: 'confines', remedy: 'sudo apt install bubblewrap' };
  const text = partsText([
    { name, purpose, remedy, found: null },
    { name: 'git', purpose: 'worlds', remedy, found: 'x'.repeat(200) },
  ]);
  expect(text).toMatch(
    /^bubblewrap +MISSING +confines\n +add it: sudo apt install bubblewrap\ngit +x{21}… worlds\n1 of 2/,
  );
});

test('every line is at most 100 columns wide, with all parts missing', async () => {
  const { machineParts } = await import('../../commands/shared/machine.ts');
  const widths = partsText(machineParts().map((part) => ({ ...part, found: null })))
    .split('\n')
    .map((line) => line.length);
  expect(Math.max(...widths)).toBeLessThanOrEqual(100);
});
