import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyText } from '../../core/trajectory.ts';
import documentHtml from '../../reports/html/document.ts';
import tableHtml from '../../reports/html/table.ts';
import writeReport from '../../reports/write-report.ts';
import { findProgram } from '../envs/optional-programs.ts';
import { isWhole } from '../whole.ts';
import { contrasts, inkOf, overflowing, type Contrast, type Ink } from './look.ts';
import syntheticRun, { writeRun } from './synthetic-run.ts';

const base = syntheticRun({ seeds: 2, tasks: 12 });

/** A comparison of policies whose names are long, in which two solve about as much. */
const run = {
  ...base,
  manifest: {
    ...base.manifest,
    command: 'run',
    jobs: base.manifest.jobs.map((job) =>
      job.training
        ? job
        : { ...job, rows: { ...job.rows, algorithms: `${job.policy} of a very long name, ${job.view}` } },
    ),
  },
};

const executablePath = findProgram('chromium', 'chromium-browser', 'google-chrome');
const title = executablePath
  ? 'the look of the page in Chromium'
  : 'the look of the page in Chromium (skipped: add it with `apt-get install chromium`)';

describe.skipIf(executablePath === null)(title, () => {
  let browser: Browser;
  let url: string;
  const written = writeRun(run);
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath as string, args: ['--no-sandbox'] });
    url = pathToFileURL(writeReport(written.folder, { attacks: [] }).page).href;
  }, 60_000);
  afterAll(async () => {
    written[Symbol.dispose]();
    await browser?.close();
  });

  async function open(width: number, colorScheme: 'light' | 'dark', work: (page: Page) => Promise<void>, hash = '') {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(error.message));
    await page.goto(url + hash);
    await work(page);
    expect(troubles).toEqual([]);
    await page.close();
  }

  it.each(isWhole ? [390, 1280] : [390])(
    'fits %d pixels with all that is folded open, and keeps names in sight of all columns',
    async (width) => {
      await open(width, 'light', async (page) => {
        await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true');
        expect(await page.evaluate(overflowing)).toEqual([]);
        const rows = page.locator('.table:has(#table-rewards)');
        expect(await rows.locator('thead th:visible').count(), 'chosen columns').toBe(width === 390 ? 3 : 10);
        await rows.locator('.all input').check();
        expect(await rows.locator('thead th:visible').count(), 'all columns').toBe(20);
        const scroll = rows.locator('.scroll');
        await scroll.hover();
        await page.mouse.wheel(400, 0);
        await page.waitForFunction(`document.querySelector('.scroll:has(#table-rewards)').scrollLeft > 0`);
        const [frame, name] = [await scroll.boundingBox(), await rows.locator('tbody th').first().boundingBox()];
        expect(name?.x, 'the name of the row').toBeCloseTo((frame?.x ?? 0) + 1, 0);
        expect(await page.evaluate('document.documentElement.scrollWidth'), 'width of the page').toBe(width);
      });
    },
  );

  it.each(isWhole ? (['light', 'dark'] as const) : (['dark'] as const))(
    'can be read in the %s scheme: text 4.5 to 1, charts 3 to 1',
    async (scheme) => {
      await open(1280, scheme, async (page) => {
        const { texts, colours } = await page.evaluate<Record<'texts' | 'colours', Contrast[]>>(contrasts);
        expect(texts.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
        expect(texts.length).toBeGreaterThan(200);
        expect(colours.filter(({ ratio }) => ratio < 3)).toEqual([]);
        expect(colours.length).toBe(22);
      });
    },
  );

  it('draws intervals to scale, each in the colour that its arm has in every table and list', async () => {
    await open(1280, 'light', async (page) => {
      const swatches = await page.evaluate<[name: string, style: string][]>(
        `[...document.querySelectorAll('.swatch')].map((one) => [one.nextSibling.textContent.trim(), one.getAttribute('style')])`,
      );
      const colourOf = new Map<string, Set<string>>();
      for (const [name, style] of swatches) colourOf.set(name, (colourOf.get(name) ?? new Set<string>()).add(style));
      expect([...colourOf].filter(([, styles]) => styles.size > 1)).toEqual([]);
      expect(new Set([...colourOf.values()].map(([style]) => style)).size, 'colours').toBe(colourOf.size);

      const ink = await page.evaluate<Ink[]>(inkOf);
      expect(ink.length, 'arms of the headline').toBeGreaterThan(2);
      const [first] = ink.filter(({ share }) => share > 0.2);
      for (const { name, share, pixels } of ink.filter((one) => one.share > 0.05))
        expect(pixels / share / ((first?.pixels ?? 0) / (first?.share ?? 1)), name).toBeCloseTo(1, 1);
    });
  });

  it('loses nothing on paper, where all is open, light and as wide as the sheet', async () => {
    await open(1032, 'dark', async (page) => {
      await page.emulateMedia({ media: 'print' });
      await page.evaluate('dispatchEvent(new Event("beforeprint"))');
      expect(await page.locator('details:not([open])').count(), 'folded parts').toBe(0);
      expect(await page.evaluate(overflowing), 'cut tables').toEqual([]);
      expect(await page.locator('#table-rewards thead th:visible').count()).toBe(20);
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
      expect(await page.locator('.picker:visible').count()).toBe(0);
      await page.emulateMedia({ media: 'screen' });
      await page.evaluate('dispatchEvent(new Event("afterprint"))');
      expect(await page.locator('details[open]').count(), 'unfolded parts').toBe(0);
    });
  });

  it('prints a row of a table with too many columns for paper as a block that holds them all', async () => {
    const keys = Array.from({ length: 40 }, (_, index) => `a-family-of-a-long-name-${index}`);
    const value = {
      value: -0.5,
      low: -0.75,
      high: -0.25,
      tasks: 1,
      seeds: 1,
      episodes: 1,
      method: 'no spread',
    } as const;
    const html = tableHtml({
      name: 'wide',
      title: 'Wide',
      about: '',
      columns: keys.map((key) => ({ key, title: key, kind: 'share' })),
      rows: [Object.fromEntries(keys.map((key) => [key, value]))],
    });
    const page = await browser.newPage({ viewport: { width: 1032, height: 700 } });
    await page.setContent(documentHtml({ title: 'wide', body: html ? [html] : [], data: null }));
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate(overflowing)).toEqual([]);
    expect(await page.locator('td:visible').count()).toBe(39);
    expect(await page.locator('td').first().innerText()).toBe('−0.50[−0.75, −0.25]');
    await page.close();
  });

  it('has an address for every trajectory, and says where one is that the page has not', async () => {
    const wanted = base.trajectories.find(
      ({ key }) => key.job === 'oracle-eager/seed-1' && key.task.endsWith('/0003'),
    )!;
    const hash = `#episode=${encodeURIComponent(keyText(wanted.key))}`;
    await open(
      1280,
      'light',
      async (page) => {
        expect(await page.inputValue('#pick-episode')).toBe(keyText(wanted.key));
        expect(await page.locator('.episode').innerText()).toContain(wanted.key.task);
        await page.click('#pick-next');
        const next = await page.getAttribute('#pick-address', 'href');
        expect(next).toMatch(/^#episode=oracle-eager.*0004%200$/);
        await page.click('#pick-address');
        await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
        await page.waitForFunction(`document.querySelector('#pick-episode').value.endsWith('/0003 0')`);
        await page.goBack();
        await page.waitForFunction(`document.querySelector('#pick-episode').value.endsWith('/0004 0')`);
        await page.evaluate('location.hash = "#episode=nobody%20test%20x%200"');
        await page.waitForFunction(`document.querySelector('#picked').textContent.includes('trajectories.jsonl')`);
        expect(await page.locator('.turns').count()).toBe(0);
      },
      hash,
    );
  });

  it('narrows trajectories by outcome, family, split, tool and reason, each list by the others', async () => {
    await open(1280, 'light', async (page) => {
      const shown = () =>
        page.evaluate<string[]>(`[...document.querySelectorAll('#pick-episode option')].map(({ value }) => value)`);
      const all = (await shown()).length;
      await page.selectOption('#pick-outcome', 'not solved');
      await page.selectOption('#pick-split', 'test');
      await page.selectOption('#pick-family', 'git-log');
      await page.selectOption('#pick-tool', 'filesystem.write_file');
      await page.selectOption('#pick-reason', 'cut off: turns');
      const keys = new Set(await shown());
      const expected = base.trajectories.filter(
        ({ key, success, outcome }) =>
          !success?.verified && key.phase === 'test' && key.task.includes('/git-log/') && outcome.kind === 'truncated',
      );
      expect(keys).toEqual(new Set(expected.map(({ key }) => keyText(key))));
      expect(keys.size).toBeGreaterThan(0);
      const families = await page.locator('#pick-family option').allInnerTexts();
      expect(families, 'with how many').toContain(`git-log (${keys.size})`);
      await page.click('#pick-all');
      expect((await shown()).length).toBe(all);
    });
  });
});
