import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import toolView from '../../envs/views/tool.ts';
import { sftRows, type SftRow } from '../../finetune/export/sft-rows.ts';
import { metaToolsOf } from '../../finetune/ors/offered-tools.ts';
import suite from '../../suites/micro-wide.ts';
import { temporaryFolder, toolstone } from '../cli/toolstone.ts';
import { howToRun, isLive } from '../live/slow.ts';
import { hasTrainer, howToAdd, pythonSays, tinyModel } from './python.ts';

const families = suite.families.length;
const [numbers, wholes, openings, sequences] = [2, 2, 5, 300];

/** Rows of the oracle's episodes, each number of which has names of its own. */
async function recorded(alias: string): Promise<readonly SftRow[]> {
  const run = join(temporaryFolder(), 'oracle');
  const flags = ['--suite', suite.name, '--split', 'train', '--limit', String(numbers * families), '--alias', alias];
  const { code, stderr } = await toolstone('run', '--policy', 'oracle', ...flags, '--out', run);
  expect(code, stderr).toBe(0);
  return sftRows({ run, reward: 'sparse', offered: () => metaToolsOf(toolView) });
}

test('rows tell of which episodes the names are the same', { timeout: 60_000 }, async () => {
  const rows = await recorded('1?per=number');
  const systems = [...Map.groupBy(rows, ({ system }) => system).values()];
  expect(systems.map((own) => own.length)).toEqual(Array.from({ length: numbers }, () => families));
  for (const own of systems) expect(new Set(own.map(({ family }) => family)).size).toBe(families);
});

interface Mix {
  readonly rows: number;
  readonly families: readonly number[];
  readonly systems: readonly number[];
  readonly uses: readonly [least: number, most: number];
  readonly segments: readonly number[];
  readonly shared: readonly number[];
  readonly trained: readonly number[];
  readonly tokens: readonly number[];
  /** Of the processor. */
  readonly seconds: number;
}

const total = (counts: readonly number[]): number => counts.reduce((sum, one) => sum + one, 0);

const title = 'sequences of many episodes';
if (!hasTrainer) test.skip(`${title} ${howToAdd}`, () => undefined);
else if (!isLive) test.skip(`${title} ${howToRun}`, () => undefined);

describe.skipIf(!hasTrainer || !isLive)(title, { timeout: 300_000 }, () => {
  let tiny: ReturnType<typeof tinyModel>;
  beforeAll(() => void (tiny = tinyModel('llama')), 120_000);
  afterAll(() => tiny.remove());

  const mixOf = async (rows: readonly SftRow[], contrasts: boolean) => {
    const file = join(temporaryFolder(), 'rows.jsonl');
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return pythonSays('mixing_checks.py', [file, tiny.base], { wholes, openings, sequences, contrasts });
  };

  test('three hundred are made of micro-wide in seconds; with contrasts all of a sequence go by the same names', async () => {
    const rows = await recorded('1?per=number');
    const [plain, contrasted] = [(await mixOf(rows, false)) as Mix, (await mixOf(rows, true)) as Mix];
    for (const mix of [plain, contrasted]) {
      expect([mix.rows, mix.tokens.length]).toEqual([rows.length, sequences]);
      expect(Math.min(...mix.trained)).toBeGreaterThan(0);
      const [least, most] = mix.uses;
      expect(most - least, 'no episode is shown much oftener than others').toBeLessThanOrEqual(2);
      expect(mix.seconds).toBeLessThan(30);
      for (const count of mix.segments) expect(count).toBe(wholes + openings);
    }
    expect([...new Set(contrasted.systems)]).toEqual([1]);
    expect(Math.max(...plain.systems)).toBeGreaterThan(1);
    expect(Math.min(...contrasted.families)).toBeGreaterThan(openings - 1);
    // What all of them share is worked through once.
    expect(total(contrasted.shared)).toBeGreaterThan(2 * total(plain.shared));
    expect(total(contrasted.tokens)).toBeLessThan(0.8 * total(plain.tokens));
  });

  test('where each task has names of its own there is nothing to contrast, and that is said', async () => {
    expect(await mixOf(await recorded('1'), true)).toEqual({
      refusal: expect.stringContaining("--alias '1?per=number'"),
    });
  });
});
