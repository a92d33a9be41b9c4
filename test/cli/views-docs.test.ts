import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { turnLimit } from '../../core/run/limits.ts';
import { viewFile, viewNames } from '../../envs/view-list.ts';
import type { ViewDefinition } from '../../envs/view-parts/view.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';
import { isWhole } from '../whole.ts';

const page = readFileSync(new URL('../../docs/views.md', import.meta.url), 'utf8');
const rowsOf = (heading: string): ReadonlyMap<string, readonly string[]> => {
  const table = page.slice(page.indexOf(`| ${heading} |`)).split('\n\n')[0] ?? '';
  const rows = table.split('\n').slice(2);
  return new Map(
    rows.map((row) => {
      const [first = '', ...rest] = row.split('|').flatMap((cell) => (cell.trim() === '' ? [] : [cell.trim()]));
      return [first.replaceAll('`', ''), rest];
    }),
  );
};

test('docs/views.md has every view with its settings', async () => {
  const rows = rowsOf('view | the prompt shows');
  expect([...rows.keys()].sort()).toEqual(viewNames());
  for (const name of viewNames()) {
    const { default: view } = (await import(viewFile(name).href)) as { default: ViewDefinition };
    const settings = Object.keys(view.settings.defaults).map((key) => `\`${key}\``);
    expect(rows.get(name)?.at(-1), name).toBe(settings.length === 0 ? 'none' : settings.join(', '));
  }
});

const call = (server: string, tool: string) => ({ server, tool, arguments: {}, after: [] });

test('docs/views.md has the turn limit of every view', () => {
  const plan = [call('a', 'x'), call('a', 'y'), call('b', 'x'), call('b', 'x')];
  const loads: Readonly<Record<string, number>> = {
    none: 0,
    'one for each server of the plan': 2,
    'one for each tool of the plan': 3,
  };
  const rows = rowsOf('view | turns to load');
  expect([...rows.keys()].sort()).toEqual(viewNames());
  for (const [view, [turns = '']] of rows) {
    const expected = Math.ceil(1.5 * ((loads[turns] ?? NaN) + plan.length + 1)) + 2;
    for (const name of [view, `${view}?k=1`]) expect(turnLimit({ plan, mostTurns: null }, name), name).toBe(expected);
  }
});

test.runIf(isWhole)(
  'every command at the head of docs/views.md runs',
  async () => {
    const lines = (/```sh\n([\s\S]*?)```/.exec(page)?.[1] ?? '').trim().split('\n');
    expect(lines.length).toBe(6);
    for (const line of lines) {
      const words = [...(line.split('#')[0] ?? '').matchAll(/'([^']*)'|(\S+)/g)].map(
        ([, quoted, bare]) => quoted ?? bare,
      );
      const more = ['--suite', 'micro', '--limit', '2', '--out', join(temporaryFolder(), 'run')];
      const { code, stdout, stderr } = await toolstone(...words.slice(1).map(String), ...more);
      expect([code, stdout], `${line}: ${stderr}`).toEqual([0, expect.stringMatching(/^oracle +test +1\.00/m)]);
    }
  },
  120_000,
);
