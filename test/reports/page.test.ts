import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileFact } from '../../core/facts.ts';
import readRun from '../../core/record/read-run.ts';
import reportPage from '../../reports/html/page.ts';
import writeReport from '../../reports/write-report.ts';
import { tablesOf } from '../../reports/write-tables.ts';
import { keyText, type Turn } from '../../core/trajectory.ts';
import { findProgram } from '../envs/optional-programs.ts';
import syntheticRun, { criteria, writeRun, type SyntheticRun } from './synthetic-run.ts';

const base = syntheticRun({ seeds: 2, tasks: 12 });
const hostile = '</script><script>document.title="owned"</script><img src=x onerror=alert(1)> & "quoted" \u2028';

/** The same run with markup wherever a server, a model, a task or a user may put text. */
const poisoned: SyntheticRun = {
  ...base,
  manifest: {
    ...base.manifest,
    command: hostile,
    rubricFormula: hostile,
    servers: { [hostile]: { package: hostile, tools: 1, schemaHash: hostile } },
    jobs: base.manifest.jobs.map((job) => ({
      ...job,
      rows: { ...job.rows, ...(job.rows.rewards ? { rewards: hostile } : {}) },
    })),
  },
  systems: base.systems.map(({ hash }) => ({ hash, text: hostile })),
  trajectories: base.trajectories.map((one) => ({
    ...one,
    prompt: hostile,
    turns: one.turns.map((turn) => ({
      ...turn,
      text: hostile,
      user: hostile,
      finishReason: hostile,
      calls: turn.calls.map(({ action, observation, event }) => ({
        action: { name: action.name, arguments: { ...action.arguments, [hostile]: hostile } },
        observation: { ...observation, text: hostile },
        event,
      })),
    })),
    verdicts: one.verdicts.map(({ criterion }) => ({ criterion, state: 'unscored', reason: hostile }) as const),
  })),
};

function pageOf(run: SyntheticRun): string {
  using written = writeRun(run);
  const read = readRun(written.folder);
  return reportPage(read, tablesOf([read], []));
}

const manyJob = (index: number) => ({ ...base.manifest.jobs[0]!, name: `many-${index}/seed-1`, rows: {} });

const spelt = (family: string) =>
  criteria.map((one) => (one.id === 'arguments' ? { ...one, description: `Arguments fit: ${family}.` } : one));

describe('the page as text', () => {
  it('asks for nothing from outside, holds no clock time and stays below 5 MB', () => {
    const page = pageOf(syntheticRun({ seeds: 3, tasks: 120 }));
    expect(page.length, 'characters').toBeLessThan(5_000_000);
    expect(page).not.toMatch(/<(script|link|img|iframe)[^>]+(src|href)=["']?(https?:|\/\/)/i);
    expect(page).not.toMatch(/sourceMappingURL/);
    expect(page).toContain("default-src 'none'");
    expect(page, 'numbers of episodes shown').toMatch(/\d+ of \d+ recorded episodes/);
  });

  it('says below the lines of differences for how many trainings they hold, while seeds are few', () => {
    const caveat = /these differences hold for these training runs only/;
    expect(pageOf(syntheticRun({ seeds: 2, tasks: 12 }))).toMatch(/With 2 seeds of a training, these differences hold/);
    expect(pageOf(syntheticRun({ seeds: 10, tasks: 6 }))).not.toMatch(caveat);
    const played = base.manifest.jobs.filter(({ training }) => training === null);
    const names = new Set(played.map(({ name }) => name));
    const trajectories = base.trajectories.filter(({ key }) => names.has(key.job));
    const manifest = { ...base.manifest, command: 'run', jobs: played };
    expect(pageOf({ ...base, manifest, trajectories, learning: [] }), 'nothing was trained').not.toMatch(caveat);
  });

  it('stays below 5 MB whatever an episode holds, and says where the rest stands', () => {
    const long = 'w'.repeat(3_000_000);
    const [first, ...rest] = base.trajectories;
    const swollen = {
      ...first!,
      prompt: long,
      outcome: { kind: 'terminated', answer: long } as const,
      turns: first!.turns.map((turn) => ({
        ...turn,
        action: { name: 'call_tool', arguments: { text: long, list: Array.from({ length: 20_000 }, () => 'item') } },
      })),
      evidence: { a: Array.from({ length: 50_000 }, (_, index) => fileFact(`${index}`, 'x')) },
      verdicts: first!.verdicts.map(({ criterion }) => ({ criterion, state: 'unscored', reason: long }) as const),
    };
    const endless = {
      ...first!,
      key: { ...first!.key, repetition: 9 },
      turns: Array.from({ length: 20_000 }, () => first!.turns[0]!),
    };
    const jobs = [...base.manifest.jobs, ...Array.from({ length: 2_000 }, (_, index) => manyJob(index))];
    const page = pageOf({
      ...base,
      manifest: { ...base.manifest, command: 'x', jobs },
      trajectories: [endless, swollen, ...rest],
    });
    expect(page.length, 'characters').toBeLessThan(5_000_000);
    const marks = [
      'www\\n… 2994000 more characters in trajectories.jsonl',
      '… 19000 more in trajectories.jsonl',
      'more facts in trajectories.jsonl',
      ', but for 1 that would fill it alone.',
      'These are the first 2000 rows of ',
      '; all are in <code>manifest.json</code>',
    ];
    expect(marks.filter((mark) => !page.includes(mark))).toEqual([]);
  });

  it('keeps hostile text from becoming markup', () => {
    const page = pageOf(poisoned);
    expect(page).not.toContain('<img src=x');
    expect(page.split('</script>').length, 'data, library and six scripts').toBe(9);
  });

  it('quotes no task in the table of criteria', () => {
    const rubrics = Object.fromEntries(
      Object.keys(base.manifest.rubrics ?? {}).map((family) => [family, spelt(family)]),
    );
    const page = pageOf({ ...base, manifest: { ...base.manifest, rubrics } });
    expect(page).toMatch(/<td[^>]*>Arguments fit\.<\/td><td[^>]*>all<\/td>/);
    expect(page).not.toContain('Arguments fit: ');
  });

  it('says in words where a run has nothing to show', () => {
    const page = pageOf({ ...base, trajectories: [], learning: [], timings: [] });
    expect(page).not.toContain('<canvas');
    expect(page).toContain('The figures speak of new tasks from the families of suite basic');
  });
});

const executablePath = findProgram('chromium', 'chromium-browser', 'google-chrome');
const title = executablePath
  ? 'the page in Chromium'
  : 'the page in Chromium (skipped: add it with `apt-get install chromium`)';

describe.skipIf(executablePath === null)(title, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath as string, args: ['--no-sandbox'] });
  });
  afterAll(() => browser?.close());

  async function open(run: SyntheticRun, work: (page: Page, troubles: string[]) => Promise<void>) {
    using written = writeRun(run);
    const url = pathToFileURL(writeReport(written.folder, { attacks: [] }).page).href;
    const page = await browser.newPage();
    const troubles: string[] = [];
    page.on('console', (message) => troubles.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('dialog', (dialog) => troubles.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => {
      if (request.url() !== url && !request.url().startsWith('data:')) troubles.push(`request: ${request.url()}`);
    });
    await page.goto(url);
    await work(page, troubles);
    await page.close();
  }

  it('draws its charts without an error or a request', async () => {
    await open(base, async (page, troubles) => {
      expect(await page.locator('canvas').count(), 'canvases').toBe(8);
      expect(await page.getAttribute('html', 'data-charts')).toBe('5');
      expect(await page.getAttribute('html', 'data-forests'), 'headline, and differences of two splits').toBe('3');
      const inked = await page.locator('canvas').evaluateAll((canvases) =>
        canvases.map((canvas) => {
          const { width, height } = canvas as unknown as { width: number; height: number };
          const context = (canvas as unknown as { getContext: (kind: '2d') => PixelSource }).getContext('2d');
          return context.getImageData(0, 0, width, height).data.some((value) => value > 0);
        }),
      );
      expect(inked, 'charts with ink').toEqual(Array(8).fill(true));
      expect(await page.locator('#table-rewards tbody tr').count(), 'rows of the rewards table').toBe(6);
      expect(troubles).toEqual([]);
    });
  });

  it('shows each turn, call, result, tokens by source and weighted verdicts of a chosen trajectory', async () => {
    await open(base, async (page, troubles) => {
      const wanted = base.trajectories.find(
        ({ key }) => key.job === 'oracle-eager/seed-1' && key.task.endsWith('/0003'),
      )!;
      await page.selectOption('#pick-job', 'oracle, eager');
      await page.selectOption('#pick-episode', keyText(wanted.key));
      expect(await page.locator('.turns > li').count(), 'turns').toBe(wanted.turns.length);
      const text = await page.locator('#trajectory').innerText();
      const { prompt, schemas } = wanted.turns[0]!.tokens;
      await page.getByText('system prompt', { exact: true }).click();
      expect(await page.locator('#trajectory').innerText()).toContain('You use tools of MCP servers.');
      expect(text).toContain('call_tool filesystem · write_file');
      expect(text).toContain('Successfully wrote to notes/a.txt');
      expect(text).toContain(`schemas ${Object.values(schemas)[0]}`);
      expect(text).toContain(`prompt ${prompt}`);
      const verdicts = await page.locator('#verdicts tbody tr').allInnerTexts();
      expect(verdicts.length).toBe(criteria.length);
      expect(verdicts[0]).toMatch(/goal-reached\s+task-fulfilment\s+10\s+1\.00\s+Every sub-goal holds/);
      await page.click('#pick-next');
      expect(await page.inputValue('#pick-episode')).toMatch(/\/0004 0$/);
      await page.selectOption('#pick-job', 'GRPO, rubric, seed 2');
      await page.selectOption('#pick-split', 'validation@128');
      expect(await page.locator('.turns > li').count(), 'turns on the learning curve').toBeGreaterThan(0);
      expect(troubles).toEqual([]);
    });
  });

  it('shows all calls of a turn, why a turn was lost, an unusual stop and what the user said', async () => {
    const { trajectories } = base;
    const [shown, ...rest] = trajectories;
    const [turn] = shown?.turns ?? [];
    if (!shown || !turn) throw new Error('no turn');
    const { calls: _, logProbability: __, ...other } = turn;
    const observation = { text: '', isError: false, source: 'results', server: 'git', cutTokens: 0 } as const;
    const turns: Turn[] = [
      {
        ...other,
        calls: ['first', 'second'].map((word) => ({
          action: { name: 'call_tool', arguments: { server: 'git', tool: `${word}_tool`, arguments: { of: word } } },
          observation: { ...observation, text: `${word} result` },
          event: { kind: 'called', server: 'git', tools: [`${word}_tool`] },
        })),
        finishReason: 'tool_calls',
        user: 'And now the other one.',
      },
      {
        ...other,
        calls: [
          {
            action: { name: 'unparsed', arguments: {} },
            observation: { ...observation, text: 'Your reply was cut.', isError: true },
            event: { kind: 'refused', server: '', tools: [] },
          },
        ],
        lost: 'cut',
        finishReason: 'length',
        text: 'Well, let me',
      },
    ];
    const outcome = { kind: 'truncated', cause: 'endpoint-context' } as const;
    await open({ ...base, trajectories: [{ ...shown, turns, outcome }, ...rest] }, async (page, troubles) => {
      await page.selectOption('#pick-episode', keyText(shown.key));
      const [several = '', lost = ''] = await page.locator('.turns > li').allInnerTexts();
      expect(several).toMatch(
        /1\.1 call_tool git · first_tool[^]*first result[^]*1\.2 call_tool git · second_tool[^]*second result[^]*And now the/,
      );
      expect(several).not.toContain('the model stopped');
      expect(lost).toMatch(
        /2\. no call: the reply was cut before[^]*refused[^]*Your reply was cut\.[^]*the model stopped: length/,
      );
      expect(lost).not.toContain('unparsed');
      expect(await page.locator('.tags').innerText()).toContain('cut off: context of the endpoint full');
      expect(troubles).toEqual([]);
    });
  });

  it('runs nothing that a server, a model or a task has written', async () => {
    await open(poisoned, async (page, troubles) => {
      expect(await page.title()).toBe('Toolstone: synthetic');
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.locator('#trajectory-prompt').innerText()).toContain('</script><script>');
      expect(troubles).toEqual([]);
    });
  });

  it('shows its tables without JavaScript, and fits a narrow screen', async () => {
    using written = writeRun(base);
    const url = pathToFileURL(writeReport(written.folder, { attacks: [] }).page).href;
    const page = await browser.newPage({ javaScriptEnabled: false, viewport: { width: 360, height: 700 } });
    await page.goto(url);
    expect(await page.locator('#table-views tbody tr').count()).toBe(6);
    await page.close();
    const narrow = await browser.newPage({ viewport: { width: 360, height: 700 } });
    await narrow.goto(url);
    expect(await narrow.evaluate('document.documentElement.scrollWidth'), 'width of the page').toBeLessThanOrEqual(360);
    await narrow.close();
  });
});

interface PixelSource {
  getImageData: (x: number, y: number, width: number, height: number) => { data: Uint8ClampedArray };
}
