import { Template } from '@huggingface/jinja';
import { assert, asyncProperty, integer } from 'fast-check';
import { expect, test } from 'vitest';
import { makeLedger, type Ledger } from '../../core/tokens/ledger.ts';
import {
  assistantMessage,
  generationPrompt,
  systemMessage,
  toolCallText,
  toolMessage,
  userMessage,
} from '../../core/tokens/template.ts';
import type { LedgerRow } from '../../core/trajectory.ts';
import type { Decision, Observation } from '../../core/types.ts';
import { conversation } from './conversation.ts';
import { chatTemplate, slowIds } from './slow-tokenizer.ts';

const metaTools = [{ name: 'finish', description: 'Ends.', inputSchema: { type: 'object' } }];
const finishing = { name: 'finish', arguments: {} };
const finish: Decision = { calls: [{ action: finishing }] };
const observed = (text: string, rest: Partial<Observation> = {}): Observation => ({
  text,
  isError: false,
  source: 'results',
  server: 'memory',
  cutTokens: 0,
  ...rest,
});
const ledgerOf = (limits: { contextTokens?: number; resultTokens?: number } = {}): Ledger =>
  makeLedger({
    system: 'S',
    schemas: [],
    metaTools,
    prompt: 'P',
    contextTokens: 10_000,
    resultTokens: 1_000,
    ...limits,
  });
async function keptOf(ledger: Ledger, observation: Observation): Promise<Observation> {
  const { observations } = await ledger.take(finish, [observation]);
  expect(observations.length, 'observations kept').toBe(1);
  return observations[0] as Observation;
}
const sourcesOf = (row: LedgerRow): number =>
  row.system + row.results + row.history + Object.values(row.schemas).reduce((sum, tokens) => sum + tokens, 0);

test('every row adds up to the whole prompt, counted at once by the whole library', async () => {
  await assert(
    asyncProperty(
      conversation,
      integer({ min: 0, max: 60 }),
      integer({ min: 0, max: 400 }),
      async (one, resultTokens, context) => {
        const ledger = makeLedger({ ...one, schemas: [], contextTokens: 100 + context, resultTokens });
        let prompt = systemMessage(one.system, one.metaTools) + userMessage(one.prompt);
        for (const { decision, observations } of one.turns) {
          const whole = slowIds(prompt + generationPrompt).length;
          expect(ledger.nextPromptTokens(), 'next prompt').toBe(whole);
          expect(ledger.exceeds(), 'exceeds').toBe(whole > 100 + context);
          const { row, observations: kept } = await ledger.take(decision, observations);
          const written = decision.text ?? decision.calls.map((call) => toolCallText(call.action)).join('\n');
          expect(row.prompt, 'prompt').toBe(whole);
          expect(sourcesOf(row), 'sum of sources').toBe(whole);
          expect(row.output, 'output').toBe(slowIds(`${written}<|im_end|>`).length);
          prompt += assistantMessage(written) + toolMessage(...kept.map(({ text }) => text));
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('each source has its column', async () => {
  const ledger = ledgerOf();
  const first = (await ledger.take(finish, [observed('{"type": "object"}', { source: 'schemas', server: 'git' })])).row;
  const second = (await ledger.take(finish, [observed('a result')])).row;
  const third = (await ledger.take(finish, [observed('Refused.', { source: 'history', server: '' })])).row;
  const fourth = (await ledger.take(finish, [observed('')])).row;
  const call = slowIds(assistantMessage(toolCallText(finishing))).length;
  expect(first.schemas, 'no schemas at first').toEqual({});
  expect(second.schemas).toEqual({ git: slowIds(toolMessage('{"type": "object"}')).length });
  expect(third.results, 'results').toBe(slowIds(toolMessage('a result')).length);
  expect(fourth.history - third.history, 'history').toBe(call + slowIds(toolMessage('Refused.')).length);
  expect(first.history, 'user prompt').toBe(slowIds(userMessage('P')).length);
});

test('schemas inside the system prompt are booked per server and leave the rest to system', async () => {
  const parts = [
    { server: 'git', text: 'git_add {"type": "object"}' },
    { server: 'time', text: 'now {}' },
    { server: 'git', text: 'git_commit {"type": "object"}' },
  ];
  const system = `You have tools.\n${parts.map((one) => one.text).join('\n')}\nBe brief.`;
  const ledger = makeLedger({ system, schemas: parts, metaTools, prompt: 'P', contextTokens: 9_000, resultTokens: 9 });
  const { row } = await ledger.take(finish, [observed('')]);
  expect(Object.keys(row.schemas)).toEqual(['git', 'time']);
  expect(row.schemas['git'], 'git').toBeGreaterThan(row.schemas['time'] ?? Infinity);
  expect(sourcesOf(row), 'sum').toBe(row.prompt);
  expect(row.system + (row.schemas['git'] ?? 0) + (row.schemas['time'] ?? 0), 'system message').toBe(
    slowIds(systemMessage(system, metaTools) + generationPrompt).length,
  );
  expect(
    () =>
      ledgerOf() &&
      makeLedger({ system: 'S', schemas: parts, metaTools, prompt: 'P', contextTokens: 1, resultTokens: 1 }),
  ).toThrow('the schemas of git are not a part');
});

test('a long result is cut to the result budget with a mark that tells how much', async () => {
  const ledger = ledgerOf({ resultTokens: 100 });
  const text = 'lorem ipsum dolor sit amet\n'.repeat(100);
  const observation = await keptOf(ledger, observed(text));
  const [, cut] = /\[… (\d+) tokens cut …\]$/.exec(observation.text) ?? [];
  expect(Number(cut), 'tokens in the mark').toBe(observation.cutTokens);
  expect(slowIds(toolMessage(observation.text)).length - slowIds(toolMessage('')).length, 'kept').toBeLessThanOrEqual(
    100,
  );
  expect(slowIds(toolMessage(observation.text)).length - slowIds(toolMessage('')).length, 'kept').toBeGreaterThan(95);
  const kept = observation.text.slice(0, observation.text.lastIndexOf('\n[…'));
  expect(text.startsWith(kept)).toBe(true);
  expect(slowIds(kept).length + observation.cutTokens, 'kept and cut').toBe(slowIds(text).length);
});

test('a result is cut to what remains of the context; the prompt then fits, and one more turn exceeds it', async () => {
  const start = ledgerOf().nextPromptTokens();
  const ledger = ledgerOf({ contextTokens: start + 120, resultTokens: 1_000 });
  expect((await keptOf(ledger, observed('word '.repeat(500)))).cutTokens).toBeGreaterThan(0);
  expect(ledger.exceeds(), 'fits').toBe(false);
  expect(ledger.nextPromptTokens(), 'uses what there is').toBeGreaterThan(start + 110);
  const observation = await keptOf(ledger, observed('word '.repeat(500)));
  expect(observation.text).toBe(`\n[… ${observation.cutTokens} tokens cut …]`);
  expect(ledger.exceeds(), 'exceeds').toBe(true);
});

test('schemas are never cut: too long ones exceed the context', async () => {
  const ledger = ledgerOf({ contextTokens: 300, resultTokens: 10 });
  const schemas = observed('{"type": "string"} '.repeat(100), { source: 'schemas' });
  expect(await keptOf(ledger, schemas)).toEqual(schemas);
  expect(ledger.exceeds()).toBe(true);
});

test('a result of a million letters is cut as exactly as a short one', async () => {
  const ledger = ledgerOf({ resultTokens: 100 });
  const observation = await keptOf(ledger, observed('x'.repeat(1_000_000)));
  expect(observation.text).toMatch(/^x+\n\[… \d+ tokens cut …\]$/);
  const kept = observation.text.slice(0, observation.text.lastIndexOf('\n[…'));
  expect(slowIds(kept).length + observation.cutTokens, 'kept and cut').toBe(125_000);
});

test('once the user says more, earlier thinking leaves the prompt, as the template has it', async () => {
  const ledger = ledgerOf();
  const thinking = `<think>\n${'hm '.repeat(40)}\n</think>\n\n`;
  const [first, second] = ['one', 'two'].map((word) => thinking + word);
  const messages: object[] = [
    { role: 'system', content: 'S' },
    { role: 'user', content: 'P' },
  ];
  const whole = () => {
    const tools = metaTools.map(({ inputSchema, ...tool }) => ({
      type: 'function',
      function: { ...tool, parameters: inputSchema },
    }));
    return slowIds(new Template(chatTemplate).render({ tools, messages, add_generation_prompt: true })).length;
  };
  for (const [text, user] of [
    [first, 'More.'],
    [second, undefined],
    [second, 'And more.'],
  ] as const) {
    await ledger.take({ ...finish, text: text ?? '' }, [observed('Finished.')], user);
    messages.push({ role: 'assistant', content: text }, { role: 'tool', content: 'Finished.' });
    if (user !== undefined) messages.push({ role: 'user', content: user });
    expect(ledger.nextPromptTokens(), user).toBe(whole());
  }
  const { row } = await ledger.take(finish, [observed('')]);
  expect(sourcesOf(row)).toBe(row.prompt);
});
