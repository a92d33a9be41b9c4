import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import readRun from '../../core/record/read-run.ts';
import type { Table } from '../../reports/tables/table.ts';
import writeReport from '../../reports/write-report.ts';
import { tablesOf } from '../../reports/write-tables.ts';
import syntheticRun, { writeRun, type SyntheticRun } from './synthetic-run.ts';

const base = syntheticRun({ seeds: 1, tasks: 6 });

function tables(run: SyntheticRun): Record<string, Table> {
  using written = writeRun(run);
  return Object.fromEntries(tablesOf([readRun(written.folder)], []).map((table) => [table.name, table]));
}

const withTokens = (template: 'own' | 'qwen3') => {
  const tokens = { tokenizer: 'models/mine', template, hash: 'a' };
  return tables({ ...base, manifest: { ...base.manifest, tokens } });
};
const peakTitle = (table: Table | undefined) => table?.columns.find(({ key }) => key === 'peak_tokens')?.title;

describe('whose tokens', () => {
  it('are named by every table that has some, where they are not Qwen3’s', () => {
    const [usual, own] = [tables(base), withTokens('own')];
    for (const name of ['views', 'algorithms']) {
      expect(own[name]?.about).toBe(
        `${usual[name]?.about} Tokens are counted with the tokenizer and template of models/mine.`,
      );
      expect(peakTitle(own[name])).toBe('Peak context');
    }
    expect(own['rewards']).toEqual(usual['rewards']);
  });

  it('are marked where another template than the model’s own writes the prompts', () => {
    const { views } = withTokens('qwen3');
    expect(peakTitle(views)).toBe('~ Peak context');
    expect(views?.about).toMatch(/~ Tokens are counted with the tokenizer of models\/mine and Qwen3's template/);
    expect(views?.columns.find(({ key }) => key === 'turns')?.title).toBe('Turns');
  });

  it('stand on the page and in the notes, Qwen3’s too', () => {
    using written = writeRun(base);
    const { page, notes } = writeReport(written.folder, { attacks: [] });
    expect(notes).toContain("Tokens are counted with Qwen3's tokenizer and template.");
    expect(readFileSync(page, 'utf8')).toContain('<dt>tokens</dt>');
    expect(readFileSync(join(written.folder, 'tables', 'notes.md'), 'utf8')).toContain(
      '- Tokens are counted with Qwen3',
    );
  });
});
