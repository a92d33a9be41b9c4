import { beforeEach, describe, expect, test } from 'vitest';
import { PolicyFailure } from '../../core/errors.ts';
import type { ChatMessage, ModelClient, Sampling } from '../../core/models/model-client.ts';
import { chooseWire, notedModels } from '../../core/wire/chosen.ts';
import { questionTape, type QuestionSource } from '../../core/wire/question-tape.ts';
import { withTape } from '../../core/wire/tape.ts';
import { wiredClient } from '../../core/wire/wired-client.ts';
import type { RecordedEpisode } from '../../core/wire/wire-types.ts';

const plainly = <T>(value: T): T => value;
const request = (question: string): Parameters<ModelClient['chat']> => [
  [{ role: 'user', content: question }],
  [],
  sampling,
  new AbortController().signal,
];
const sampling: Sampling = {
  temperature: 0,
  topP: 1,
  topK: 0,
  minP: 0,
  repeatPenalty: 1,
  seed: 1,
  outputTokens: 8,
  contextTokens: 512,
};

/** A model whose answers are numbered, so that none is like another. */
function countingModel(build = 'b1') {
  const asked: string[] = [];
  const client: ModelClient = {
    name: 'fake:model',
    endpoint: 'http://127.0.0.1:9',
    check: async () => undefined,
    build: async () => build,
    chat: async ([message]) => {
      asked.push(message?.content ?? '');
      if (message?.content === 'fail') throw new PolicyFailure('no answer');
      const text = `answer ${asked.length}`;
      return { text, reasoning: '', calls: [], usage: { promptTokens: 1, outputTokens: 1 }, finishReason: 'stop' };
    },
  };
  return {
    asked,
    open: () => wiredClient({ name: 'fake:model', knownAs: 'fake:model?votes=2', open: async () => client }),
  };
}

/** A recording in memory. */
function memory() {
  const episodes = new Map<string, RecordedEpisode>();
  const recorder = {
    keep: (episode: string, entry: string) => void episodes.set(episode, JSON.parse(entry) as RecordedEpisode),
    kept: (episode: string) => episodes.get(episode),
  };
  const exchangesOf = (episode: string) =>
    new Map(episodes.get(episode)?.exchanges.map((one) => [one.key, one] as const) ?? []);
  return { episodes, recorder, recording: { exchangesOf } };
}

async function answers(source: QuestionSource, client: ModelClient, questions: readonly string[]) {
  const tape = questionTape(source, plainly);
  const texts = await withTape(tape, () =>
    Promise.all(
      questions.map((question) =>
        client.chat(...request(question)).then(
          ({ text }) => text,
          (error: unknown) => String(error),
        ),
      ),
    ),
  );
  return { texts, replayed: tape.replayed() };
}

beforeEach(() => chooseWire(undefined));

async function recorded(questions: readonly string[], { episodes, recorder } = memory()) {
  chooseWire({ mode: 'record', folder: '/nowhere' });
  const model = countingModel();
  const first = await answers({ recorder }, await model.open(), questions);
  return { ...first, asked: model.asked, episodes };
}

describe('questions that belong to no episode', () => {
  test('are put once each, and a recording says which model answered where', async () => {
    const { texts, asked } = await recorded(['a', 'b', 'a']);
    expect(asked).toEqual(['a', 'b']);
    expect(texts).toEqual(['answer 1', 'answer 2', 'answer 1']);
    expect(notedModels()).toEqual({ 'fake:model?votes=2': { endpoint: 'http://127.0.0.1:9', build: 'b1' } });
  });

  test('are answered by a strict replay in any order, which opens no model and names what is missing', async () => {
    const store = memory();
    await recorded(['a', 'b'], store);
    chooseWire({ mode: 'strict', folder: '/nowhere' }, { 'fake:model?votes=2': { build: 'b1' } });
    const model = countingModel();
    const client = await model.open();
    expect(await client.build?.(new AbortController().signal)).toBe('b1');
    const { texts, replayed } = await answers({ recording: store.recording, isStrict: true }, client, ['c', 'b', 'a']);
    expect(texts.slice(1)).toEqual(['answer 2', 'answer 1']);
    expect(texts[0]).toMatch(
      /holds no answer to a chat with fake:model\?votes=2, and a strict replay asks nobody else/,
    );
    expect(replayed).toMatchObject({ answered: 2, missed: ['a chat with fake:model?votes=2'] });
    expect(model.asked).toEqual([]);
  });

  test('that failed are asked again by a recording that goes on, which keeps to its other answers', async () => {
    const store = memory();
    expect((await recorded(['a', 'fail'], store)).texts[1]).toContain('no answer');
    const { asked, texts } = await recorded(['fail', 'a'], store);
    expect(asked).toEqual(['fail']);
    expect(texts[1]).toBe('answer 1');
  });

  test('of a live model that is another build are refused', async () => {
    chooseWire({ mode: 'replay', folder: '/nowhere' }, { 'fake:model?votes=2': { build: 'b1' } });
    const source = { recording: memory().recording, isStrict: false };
    expect((await answers(source, await countingModel('b2').open(), ['a'])).texts[0]).toMatch(
      /another build of fake:model\?votes=2 \(b1\) than the one that answers now \(b2\)/,
    );
    expect((await answers(source, await countingModel('b1').open(), ['a'])).texts).toEqual(['answer 1']);
  });
});

test('hints that decide no answer are no part of a question', async () => {
  const store = memory();
  await recorded(['a'], store);
  chooseWire({ mode: 'strict', folder: '/nowhere' });
  const client = await countingModel().open();
  const [[message], tools, , signal] = request('a');
  const hinted: ChatMessage = { common: 3, content: 'a', role: message?.role ?? 'user' };
  const tape = questionTape({ recording: store.recording, isStrict: true }, plainly);
  const reply = await withTape(tape, () => client.chat([hinted], tools, { ...sampling, threads: 4 }, signal));
  expect(reply.text).toBe('answer 1');
});
