import { afterEach, describe, expect, test, vi } from 'vitest';
import { UsageError } from '../../../core/errors.ts';
import { ask } from '../../../judges/judge-definition.ts';
import { judgeNamed } from '../../../judges/judge-list.ts';
import type { CostedJudge } from '../../../judges/language/language-judge.ts';
import { completion, ollamaLines } from '../../models/fake-server.ts';
import { episode, finishTurn, task, wholePlan } from '../episodes.ts';
import { bad, cells, every, filled, good, ids, judgeBefore, type Answer } from './judge-before.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe.each(['ollama', 'openai'] as const)('%s: whatever comes is an outcome', (wire) => {
  test.each<[string, string, unknown]>([
    ['prose', 'The assistant did well on all counts.', 'unparseable'],
    ['half a list', '["yes", "no"', 'unparseable'],
    ['NaN', '{"c1": NaN}', 'unparseable'],
    ['a refusal', 'I cannot assist with this request.', 'refused'],
    ['an empty reply', '', 'unparseable'],
  ])('%s', async (_title, text, expected) => {
    const { judge, of } = await judgeBefore(wire, '', () => text);
    expect(cells((await of(good))[0])).toEqual(every(expected));
    expect(judge.costs()).toMatchObject({
      calls: 1,
      promptTokens: 1_000,
      outputTokens: 5,
      answers: { scored: 0, refused: 0, unparseable: 0, failed: 0, [String(expected)]: 12 },
    });
  });

  test('1e9 for one criterion, and one left out', async () => {
    const { of } = await judgeBefore(wire, '?scale=ten', ({ schema }) =>
      JSON.stringify({ ...(filled(schema, () => 6) as object), c1: 1e9, c2: undefined }),
    );
    expect(cells((await of(good))[0])).toEqual(ids.map((_, index) => (index < 2 ? 'unparseable' : 0.6)));
  });

  test('no answer for too long, and a server that fails', async () => {
    const slow = await judgeBefore(wire, '?timeoutSeconds=1', () => () => undefined);
    const [verdicts] = await slow.of(good);
    expect(cells(verdicts)).toEqual(every('failed'));
    expect(verdicts?.[0]).toMatchObject({ reason: expect.stringContaining('did not answer within 1 s') });
    expect(slow.judge.costs().answers.failed).toBe(12);
    const refusing = await judgeBefore(wire, '', () => ({ status: 400, body: { error: 'no such thing' } }));
    expect(cells((await refusing.of(good))[0])).toEqual(every('failed'));
  });

  test('a model that is not there is the user’s to set right', async () => {
    await judgeBefore(wire, '', () => '');
    await expect(judgeNamed(`${wire}:other`)).rejects.toThrow(UsageError);
    await expect(judgeNamed(`${wire}:tiny?votes=none`)).rejects.toThrow(
      /"votes=none" is no setting of "tiny": votes is a whole number from 1 to 100\./,
    );
    await expect(judgeNamed(`${wire}:tiny?vote=3`)).rejects.toThrow(
      /"vote=3" is no setting of "tiny"\. There are, .*: scope=all \(or category, criterion\), scale=yes-no/,
    );
  });
});

test('a ceiling ends the asking with a sentence, and is no part of what the judge is called', async () => {
  const { judge, of, asked } = await judgeBefore('ollama', '?totalTokens=2500', ({ schema }) =>
    JSON.stringify(filled(schema)),
  );
  expect(judge.name).toBe('ollama:tiny');
  const [verdicts] = await of(good);
  expect(cells(verdicts)).toEqual(every(1));
  await expect(of(bad, good, bad)).rejects.toThrow(
    /^The judge ollama:tiny is asked no more: of 2500 tokens \d+ are used, and the next call may take \d+\. The same command again/,
  );
  expect(asked.length).toBeLessThan(4);
});

test('a refusal that OpenAI marks as such', async () => {
  const { of } = await judgeBefore('openai', '', () => ({ body: completion({ refusal: 'Not this.' }) }));
  expect(cells((await of(good))[0])).toEqual(every('refused'));
});

test('a server without schema or log-probabilities is asked without them', async () => {
  const { of, asked } = await judgeBefore('openai', '', ({ schema }, _number, { body }) => {
    const odd = ['response_format', 'logprobs', 'top_logprobs'].find((one) => one in body);
    if (odd) return { status: 400, body: { error: { message: `Unrecognized request argument: ${odd}` } } };
    expect(schema).toBeUndefined();
    return JSON.stringify(Object.fromEntries(ids.map((_, index) => [`c${index + 1}`, 'yes'])));
  });
  expect(cells((await of(good))[0])).toEqual(every(1));
  expect(asked.length, 'requests').toBe(4);
});

test('thinking gets room where it is asked for, and is off where not', async () => {
  for (const [settings, isThinking, room] of [
    ['', false, 0],
    ['?thinkingTokens=500', true, 500],
  ] as const) {
    const { of } = await judgeBefore('ollama', settings, ({ schema }, _number, { body }) => {
      expect(body.think).toBe(isThinking);
      expect(body.options.num_predict).toBe(room + 48 + 12 * ids.length);
      return { body: ollamaLines({ content: JSON.stringify(filled(schema)), thinking: '{"c1": "no"}' }) };
    });
    expect(cells((await of(good))[0])).toEqual(every(1));
  }
});

const top = (yes: number) => ({
  token: 'no',
  logprob: Math.log(1 - yes),
  top_logprobs: [
    { token: 'no', logprob: Math.log(1 - yes) },
    { token: 'yes', logprob: Math.log(yes) },
  ],
});

test('log-probabilities of the OpenAI kind', async () => {
  const { of, judge } = await judgeBefore('openai', '?scope=criterion', (_asked, _number, { body }) => {
    expect(body).toMatchObject({ logprobs: true, top_logprobs: 10, response_format: { type: 'json_schema' } });
    const content = [{ token: '{"c1":"', logprob: 0 }, top(0.25), { token: '"}', logprob: 0 }];
    const { choices, ...rest } = completion({ content: '{"c1":"no"}' }) as { choices: object[] };
    return { body: { ...rest, choices: [{ ...choices[0], logprobs: { content } }] } };
  });
  expect(cells((await of(good))[0])).toEqual(every(0.25));
  expect(judge.build).toMatch(/^at http/);
});

test('log-probabilities make graded verdicts', async () => {
  const { of } = await judgeBefore('ollama', '?scope=criterion', () => ({
    body:
      `${JSON.stringify({ message: { role: 'assistant', content: '{"c1": "' }, logprobs: [{ token: '{"c1": "', logprob: 0 }] })}\n` +
      `${JSON.stringify({
        message: { role: 'assistant', content: 'yes' },
        logprobs: [
          {
            token: 'yes',
            logprob: Math.log(0.6),
            top_logprobs: [
              { token: 'yes', logprob: Math.log(0.6) },
              { token: 'no', logprob: Math.log(0.2) },
            ],
          },
        ],
      })}\n` +
      ollamaLines({ content: '"}' }),
  }));
  expect(cells((await of(good))[0])).toEqual(every(0.75));
});

const yes: Answer = ({ schema }) => JSON.stringify(filled(schema));

describe('granularities', () => {
  test.each([
    ['all', 1, [12]],
    ['category', 4, [2, 2, 3, 5]],
    ['criterion', 12, every(1)],
  ])('%s', async (scope, calls, sizes) => {
    const { judge, asked, of } = await judgeBefore('ollama', `?scope=${scope}`, yes);
    expect(cells((await of(good))[0])).toEqual(every(1));
    expect(judge.costs()).toMatchObject({ calls, answers: { scored: 12 } });
    expect(asked.map(({ schema }) => (schema['required'] as string[]).length).sort((a, b) => a - b)).toEqual(sizes);
  });

  test('a group in one call, in an order of the seed, each verdict back at its trajectory', async () => {
    const lasts = ['first', 'second', 'third', 'fourth'];
    const group = lasts.map((answer) =>
      episode([...wholePlan, finishTurn], { outcome: { kind: 'terminated', answer } }),
    );
    const orders = new Set<string>();
    for (const seed of [0, 1, 2, 3]) {
      // the server likes the third answer, wherever it stands
      const { asked, of } = await judgeBefore('ollama', `?group=1&scale=ten&seed=${seed}`, ({ prompt, schema }) => {
        const [, third = ''] =
          /^RECORD (t\d)\n(?:(?!END OF).*\n)*FINISHED WITH THE ANSWER: "third"/m.exec(prompt) ?? [];
        const none = filled(schema, (key) => (key.startsWith('c') ? 0 : undefined)) as Record<string, object>;
        return JSON.stringify({ ...none, [third]: Object.fromEntries(ids.map((_, index) => [`c${index + 1}`, 10])) });
      });
      const verdicts = await of(...group);
      expect(verdicts.map((one) => cells(one))).toEqual([every(0), every(0), every(1), every(0)]);
      expect(asked.length, 'calls').toBe(1);
      const places = verdicts.map((one) => one[0]?.position);
      expect(
        places.toSorted((a = 0, b = 0) => a - b),
        'places',
      ).toEqual([0, 1, 2, 3]);
      orders.add(places.join(' '));
    }
    expect(orders.size, 'different orders').toBeGreaterThan(1);
  });

  test('votes: each counted, the mean of those with a score, none of a minority', async () => {
    const seeds = new Set<number>();
    const { judge, of } = await judgeBefore('ollama', '?votes=3&scale=ten', ({ schema }, number, { body }) => {
      seeds.add(body.options.seed);
      return number === 2 ? 'Hm.' : JSON.stringify(filled(schema, () => (number === 1 ? 10 : 5)));
    });
    const [verdicts] = await of(good);
    expect(cells(verdicts)).toEqual(every(0.75));
    expect(cells(verdicts?.[0]?.votes)).toEqual([1, 'unparseable', 0.5]);
    expect(new Set(verdicts?.map((one) => one.votes?.[0]?.position)).size, 'places of the criteria').toBe(12);
    expect(seeds.size, 'seeds').toBe(3);
    expect(judge.costs().answers).toMatchObject({ scored: 24, unparseable: 12 });
    const few = await judgeBefore('ollama', '?votes=2', ({ schema }, number) =>
      number === 2 ? "I'm sorry." : JSON.stringify(filled(schema)),
    );
    const [none] = await few.of(good);
    expect(cells(none)).toEqual(every('refused'));
    expect(none?.[0]).toMatchObject({ reason: expect.stringContaining('only 1 of 2 votes have a score') });
  });

  test('a panel, the code judge beside a model', async () => {
    await judgeBefore('ollama', '', yes);
    const panel = await judgeNamed('panel:code|ollama:tiny?scope=category');
    const [of] = await ask(panel, task, [bad]);
    const [code] = await ask(await judgeNamed('code'), task, [bad]);
    expect(panel.name).toBe('panel:code|ollama:tiny?scope=category');
    expect(panel.build).toMatch(/^source \w+\|d1$/);
    for (const [index, own] of (code ?? []).entries()) {
      if (own.state === 'scored') expect(cells(of)?.[index]).toBeCloseTo((own.score + 1) / 2, 6);
      expect(of?.[index]?.votes).toHaveLength(2);
    }
    expect((panel as CostedJudge).costs().calls).toBe(4);
    await expect(judgeNamed('panel:code')).rejects.toThrow(/needs two judges or more/);
  });
});
