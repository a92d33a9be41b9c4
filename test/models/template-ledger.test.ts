import { assert, asyncProperty } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openTokenCounter } from '../../core/models/token-counter.ts';
import { toolsText } from '../../core/tokens/template.ts';
import { makeLedger, type Ledger, type LedgerOptions } from '../../core/tokens/ledger.ts';
import type { LedgerRow } from '../../core/trajectory.ts';
import type { Decision, Observation } from '../../core/types.ts';
import { conversation } from '../tokens/conversation.ts';
import { byteTokens, forgettingTemplate, plainTemplate, strictTemplate, tokenizerFolder } from './small-tokenizer.ts';

const [forgetting, strict, plain] = [forgettingTemplate, strictTemplate, plainTemplate].map((template) =>
  openTokenCounter(tokenizerFolder({ template })),
);
const metaTools = [{ name: 'finish', description: 'Ends.', inputSchema: { type: 'object' } }];
const shownTools = `<|turn|>tools [{"type": "function", "function": {"name": "finish", "description": "Ends.", "parameters": {"type": "object"}}}]<|end|>`;
const call = { action: { name: 'finish', arguments: { a: 1 } } };
const finish: Decision = { calls: [call] };
const callText = '<tool_call>\n{"name": "finish", "arguments": {"a": 1}}\n</tool_call>';
const observed = (text: string, rest: Partial<Observation> = {}): Observation => ({
  text,
  isError: false,
  source: 'results',
  server: 'memory',
  cutTokens: 0,
  ...rest,
});
const usual = { contextTokens: 100_000, resultTokens: 1_000 };
const ledgerOf = (counter = forgetting, more: Partial<LedgerOptions> = {}): Ledger => {
  if (!counter) throw new Error('no counter');
  return makeLedger({ system: 'S', schemas: [], metaTools, prompt: 'P', ...usual, counter, ...more });
};
const sourcesOf = (row: LedgerRow): number =>
  row.system + row.results + row.history + Object.values(row.schemas).reduce((sum, tokens) => sum + tokens, 0);
/** Rows of these turns and of one more. */
async function rowsOf(ledger: Ledger, turns: readonly (readonly [Decision, ...Observation[]])[]): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = [];
  for (const [decision, ...observations] of [...turns, [finish, observed('')] as const])
    rows.push((await ledger.take(decision, observations)).row);
  return rows;
}
const opening = `${shownTools}<|turn|>system S<|end|><|turn|>user P<|end|>`;
const open = '<|turn|>assistant ';
const called = '<|turn|>assistant finish{"a": 1}<|end|>';

test('a prompt has the tokens of what the template writes', async () => {
  const [first, second, third] = await rowsOf(ledgerOf(), [
    [finish, observed('res')],
    [{ calls: [call, call] }, observed('one'), observed('two', { source: 'schemas', server: 'git' })],
  ]);
  const answered = `${opening}${called}<|turn|>tool res<|end|>`;
  const twice = '<|turn|>assistant finish{"a": 1}finish{"a": 1}<|end|><|turn|>tool one<|end|><|turn|>tool two<|end|>';
  expect(first?.prompt).toBe(byteTokens(opening + open));
  expect(second?.prompt).toBe(byteTokens(answered + open));
  expect(third?.prompt).toBe(byteTokens(answered + twice + open));
  expect(second?.results, 'result with its frame').toBe(byteTokens('<|turn|>tool res<|end|>'));
  expect(third?.schemas).toEqual({ git: byteTokens('<|turn|>tool two<|end|>') });
  expect((second?.history ?? 0) - (first?.history ?? 0), 'call').toBe(byteTokens(called));
});

test('the sources add up to the prompt, whatever is said and cut', async () => {
  await assert(
    asyncProperty(conversation, async (one) => {
      for (const counter of [forgetting, strict, plain]) {
        if (!counter) throw new Error('no counter');
        const ledger = makeLedger({ ...one, schemas: [], contextTokens: 3_000, resultTokens: 60, counter });
        let next = ledger.nextPromptTokens();
        for (const { decision, observations } of one.turns) {
          const { row, observations: kept } = await ledger.take(decision, observations);
          expect(row.prompt, 'as announced').toBe(next);
          expect(sourcesOf(row), 'sum').toBe(row.prompt);
          expect(kept).toHaveLength(observations.length);
          next = ledger.nextPromptTokens();
        }
      }
    }),
    { numRuns: 60 },
  );
});

describe('thinking', () => {
  const thought = 'hm '.repeat(50);
  const thinking = `<think>\n${thought}\n</think>\n\n`;

  test('what the template drops in later turns leaves the history', async () => {
    const [, second, third] = await rowsOf(ledgerOf(), [
      [{ ...finish, text: thinking + callText }, observed('res')],
      [finish, observed('again')],
    ]);
    const answer = '<|turn|>tool res<|end|>';
    const shown = called.replace(open, `${open}(${thought})`);
    expect(second?.prompt).toBe(byteTokens(opening + shown + answer + open));
    expect(third?.prompt).toBe(byteTokens(`${opening}${called}${answer}${called}<|turn|>tool again<|end|>${open}`));
    expect(third?.history, 'history shrinks').toBeLessThan(second?.history ?? 0);
  });

  test.each([
    ['the model’s own template', () => ledgerOf()],
    ['Qwen3’s', () => makeLedger({ ...usual, system: 'S', schemas: [], metaTools, prompt: 'P' })],
  ])('what is not sent back is not counted by %s', async (_, make) => {
    const unsent = { ...finish, text: thinking + callText, history: callText };
    const [first, second] = await rowsOf(make(), [[unsent, observed('res')]]);
    const [, bare] = await rowsOf(make(), [[finish, observed('res')]]);
    expect(second).toEqual({ ...bare });
    expect(first?.output, 'it was written all the same').toBeGreaterThan(50);
  });
});

test('calls in the text and lost turns go back as text, and so do their results', async () => {
  const text = 'I think: {"name": "finish"}';
  const lost: Decision = {
    calls: [{ action: { name: 'unparsed', arguments: {} }, refusal: 'No.' }],
    lost: 'no-call',
    text,
  };
  for (const decision of [lost, { ...finish, text, callsInText: true } as const]) {
    const [, second] = await rowsOf(ledgerOf(), [[decision, observed('res')]]);
    const answer = '<|turn|>user <tool_response>\nres\n</tool_response><|end|>';
    expect(second?.prompt).toBe(byteTokens(`${opening}<|turn|>assistant ${text}<|end|>${answer}${open}`));
  }
});

test('a template may refuse a system message, odd ids, and calls without results', async () => {
  const [first, second] = await rowsOf(ledgerOf(strict), [[{ calls: [call, call] }, observed('one'), observed('two')]]);
  const begun = `${shownTools}<|turn|>user S\n\nP<|end|>`;
  expect(first?.prompt).toBe(byteTokens(begun + open));
  expect(second?.prompt).toBe(
    byteTokens(`${begun}${open}finishfinish<|end|><|turn|>tool one<|end|><|turn|>tool two<|end|>${open}`),
  );
});

test('tools, calls and results are text where the template knows none', async () => {
  const [, second] = await rowsOf(ledgerOf(plain), [[finish, observed('res')]]);
  const begun = `<|turn|>system S${toolsText(metaTools)}<|end|><|turn|>user P<|end|>`;
  const answer = '<|turn|>user <tool_response>\nres\n</tool_response><|end|>';
  expect(second?.prompt).toBe(byteTokens(`${begun}${open}${callText}<|end|>${answer}${open}`));
});

test.each([
  ['its own template', (more: object) => ledgerOf(forgetting, more)],
  ['Qwen3’s', (more: object) => makeLedger({ system: 'S', schemas: [], metaTools, prompt: 'P', ...usual, ...more })],
])('schemas that come in a result are booked as schemas and leave its budget alone, by %s', async (_, open) => {
  const [notice, schemas, rest] = ['[New: a.]', `\n${'{"name":"a"}'.repeat(50)}`, `\n${'word '.repeat(300)}`];
  const span = [notice.length, notice.length + schemas.length] as const;
  const result = observed(notice + schemas + rest, { server: 'git', schemaSpan: span });
  const [, whole] = await rowsOf(open({}), [[finish, result]]);
  const [, plain] = await rowsOf(open({}), [[finish, observed(notice + rest, { server: 'git' })]]);
  if (!whole || !plain) throw new Error('no rows');
  expect(sourcesOf(whole)).toBe(whole.prompt);
  expect(plain.schemas).toEqual({});
  const booked = whole.schemas['git'] ?? 0;
  expect(booked).toBeGreaterThan(100);
  expect(Math.abs(whole.results - plain.results), 'tokens that join at the seams').toBeLessThan(3);
  const { observations } = await open({ resultTokens: 60 }).take(finish, [result]);
  const [kept] = observations;
  expect(kept?.text.startsWith(notice + schemas), 'no schema is cut').toBe(true);
  expect(kept?.cutTokens).toBeGreaterThan(100);
});

test('schemas in the system prompt are booked per server', async () => {
  const schemas = [
    { server: 'git', text: 'git_add {}' },
    { server: 'time', text: 'now {}' },
  ];
  const [row] = await rowsOf(ledgerOf(forgetting, { system: 'You have git_add {} and now {}.', schemas }), []);
  expect(row?.schemas).toEqual({ git: 10, time: 6 });
  expect(() => ledgerOf(forgetting, { schemas })).toThrow('the schemas of git are not a part');
});

describe('cuts', () => {
  const long = 'word '.repeat(2_000);

  test('a result is cut to its budget, with a mark that tells how much', async () => {
    const ledger = ledgerOf(forgetting, { resultTokens: 100 });
    const { observations } = await ledger.take(finish, [observed(long)]);
    const [kept] = observations;
    expect(byteTokens(kept?.text ?? ''), 'kept').toBeLessThanOrEqual(100);
    expect(byteTokens(kept?.text ?? ''), 'kept').toBeGreaterThan(90);
    expect(kept?.text).toMatch(new RegExp(`\\[… ${kept?.cutTokens} tokens cut …\\]$`));
    expect(long.length - (kept?.cutTokens ?? 0)).toBe(kept?.text.indexOf('\n['));
  });

  test('a result is cut to what the context leaves; schemas never are', async () => {
    const start = ledgerOf().nextPromptTokens();
    const cut = ledgerOf(forgetting, { contextTokens: start + 200 });
    await cut.take(finish, [observed(long)]);
    expect(cut.exceeds(), 'fits').toBe(false);
    expect(cut.nextPromptTokens()).toBeGreaterThan(start + 190);
    const whole = ledgerOf(forgetting, { contextTokens: start + 200, resultTokens: 10 });
    const { observations } = await whole.take(finish, [observed(long, { source: 'schemas' })]);
    expect(observations[0]?.text).toBe(long);
    expect(whole.exceeds()).toBe(true);
  });

  test('an abort ends the count of a long text', async () => {
    const controller = new AbortController();
    const ledger = ledgerOf(forgetting, { signal: controller.signal });
    const taken = ledger.take(finish, [observed('word '.repeat(100_000))]);
    controller.abort(new Error('interrupted'));
    await expect(taken).rejects.toThrow('interrupted');
  });
});

test('what the user says next is counted as the template writes it, behind native results and in those that are text', async () => {
  const ledger = ledgerOf();
  await ledger.take(finish, [observed('res')], 'More.');
  const answered = `${opening}${called}<|turn|>tool res<|end|><|turn|>user More.<|end|>`;
  expect(ledger.nextPromptTokens()).toBe(byteTokens(answered + open));
  const asText = ledgerOf(plain);
  const before = (await asText.take(finish, [observed('res')])).row.prompt;
  const same = ledgerOf(plain);
  await same.take(finish, [observed('res')], 'More.');
  expect(same.nextPromptTokens() - asText.nextPromptTokens()).toBe(byteTokens('\n\nMore.'));
  expect(before).toBeGreaterThan(0);
});
