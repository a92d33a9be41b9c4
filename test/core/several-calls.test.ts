import { Template } from '@huggingface/jinja';
import { expect, test } from 'vitest';
import { WorldFailure } from '../../core/errors.ts';
import episodeOf from '../../core/record/episode-figures.ts';
import { rollout } from '../../core/run/rollout.ts';
import type { Limits } from '../../core/run-types.ts';
import { callsOf, type LedgerRow } from '../../core/trajectory.ts';
import type { Action, Decision, EpisodeStart, MetaTool, Observation, Policy, World } from '../../core/types.ts';
import openEager from '../../envs/views/eager.ts';
import { score } from '../../judges/reward/rewards.ts';
import { tinyTask, tinyWorld } from '../models/tiny-world.ts';
import { chatTemplate, slowIds } from '../tokens/slow-tokenizer.ts';

const note = (text: string): Action => ({
  name: 'call_tool',
  arguments: { server: 'notes', tool: 'add_note', arguments: { text } },
});
const finish = (answer: string): Action => ({ name: 'finish', arguments: { answer } });
const calls = (first: Action, ...rest: readonly Action[]): Decision => ({
  calls: [{ action: first }, ...rest.map((action) => ({ action }))],
});

/** One episode of these decisions; `said` is what the world was asked, `seen` what the policy was shown, turn by turn. */
async function played(
  decisions: readonly Decision[],
  call: World['call'] = tinyWorld.call,
  limits: Limits = { contextTokens: 4_000, resultTokens: 1_000 },
) {
  const said: unknown[] = [];
  const seen: (readonly Observation[])[] = [];
  let start: EpisodeStart | undefined;
  const policy: Policy = {
    name: 'scripted',
    start: (episode) => {
      start = episode;
      const left = [...decisions];
      return {
        act: (observations) => {
          seen.push(observations);
          return left.shift() ?? calls(finish('at the end of the script'));
        },
      };
    },
  };
  const world: World = {
    ...tinyWorld,
    call: (server, tool, args) => {
      said.push(args['text']);
      return call(server, tool, args);
    },
  };
  const { trajectory, system } = await rollout({
    task: tinyTask,
    policy,
    policyVersion: 0,
    world,
    openView: openEager,
    toolNamesUpFront: false,
    limits,
    key: { job: 'tiny', phase: 'test', task: tinyTask.id, repetition: 0 },
    seed: 7,
    signal: new AbortController().signal,
  });
  return { trajectory, system, metaTools: start?.metaTools ?? [], said, seen };
}

const place = { start: 0, length: 0 };
const figuresOf = (trajectory: Awaited<ReturnType<typeof played>>['trajectory']) =>
  episodeOf({ ...trajectory, ...score(tinyTask, trajectory) }, 1, '', place);

test('several calls of one decision are carried out in order, each recorded with its own result, and shown together', async () => {
  const decisions = [calls(note('red'), note('green'), note('blue')), calls(finish('noted'))];
  const { trajectory, said, seen } = await played(decisions);
  expect(said).toEqual(['red', 'green', 'blue']);
  const [first, last] = trajectory.turns;
  expect(trajectory.turns).toHaveLength(2);
  expect(first?.calls.map(({ action }) => action)).toEqual([note('red'), note('green'), note('blue')]);
  expect(first?.calls.map(({ observation }) => observation.text)).toEqual([
    'Noted: "red"',
    'Noted: "green"',
    'Noted: "blue"',
  ]);
  expect(callsOf(trajectory).map(({ event }) => event.kind)).toEqual(['called', 'called', 'called', 'finished']);
  expect(seen).toEqual([[], first?.calls.map(({ observation }) => observation)]);
  expect(last?.calls).toHaveLength(1);
  expect(trajectory.outcome).toEqual({ kind: 'terminated', answer: 'noted' });
  expect(figuresOf(trajectory)).toMatchObject({ turns: 2, events: { loaded: 0, called: 3, refused: 0 } });
});

test('one call after the other: the next is made once the one before is answered', async () => {
  let open = 0;
  const { trajectory } = await played([calls(note('red'), note('green'))], async (server, tool, args) => {
    expect(open++).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    open--;
    return tinyWorld.call(server, tool, args);
  });
  expect(callsOf(trajectory).map(({ event }) => event.kind)).toEqual(['called', 'called', 'finished']);
});

test('calls behind finish are refused and not carried out; those before it count', async () => {
  const { trajectory, said } = await played([calls(note('red'), finish('done'), note('late'), finish('again'))]);
  expect(said).toEqual(['red']);
  expect(trajectory.outcome).toEqual({ kind: 'terminated', answer: 'done' });
  expect(trajectory.turns).toHaveLength(1);
  const made = callsOf(trajectory);
  expect(made.map(({ event }) => event.kind)).toEqual(['called', 'finished', 'refused', 'refused']);
  for (const { observation } of made.slice(2))
    expect(observation).toMatchObject({ isError: true, text: expect.stringMatching(/finished before it/) });
  expect(figuresOf(trajectory).events).toEqual({ loaded: 0, called: 1, refused: 2 });
});

test('a call that the policy’s own side refuses is not carried out, told in its words and counted as refused', async () => {
  const refusal = 'This call was not carried out: its arguments are broken.';
  const { trajectory, said, seen } = await played([
    { calls: [{ action: note('red') }, { action: note('never'), refusal }, { action: note('blue') }] },
  ]);
  expect(said).toEqual(['red', 'blue']);
  expect(seen[1]?.map(({ text, isError }) => [text, isError])).toEqual([
    ['Noted: "red"', false],
    [refusal, true],
    ['Noted: "blue"', false],
  ]);
  const [turn] = trajectory.turns;
  expect(turn?.calls.map(({ event }) => event.kind)).toEqual(['called', 'refused', 'called']);
  expect(turn?.calls[1], 'the reason is said once, in the observation').not.toHaveProperty('refusal');
  expect(figuresOf(trajectory).events).toEqual({ loaded: 0, called: 2, refused: 1 });
});

test('finish that the policy’s own side refuses ends nothing', async () => {
  const { trajectory } = await played([{ calls: [{ action: finish('no'), refusal: 'Not so.' }] }, calls(note('red'))]);
  expect(callsOf(trajectory).map(({ event }) => event.kind)).toEqual(['refused', 'called', 'finished']);
  expect(trajectory.outcome).toEqual({ kind: 'terminated', answer: 'at the end of the script' });
});

test('a world that fails in the second call of a turn voids the episode; what was answered stays, the call behind it is not made', async () => {
  const { trajectory, said } = await played(
    [calls(note('red')), calls(note('green'), note('deadly'), note('never'))],
    async (server, tool, args) => {
      if (args['text'] === 'deadly') throw new WorldFailure('Server notes died');
      return tinyWorld.call(server, tool, args);
    },
  );
  expect(said).toEqual(['red', 'green', 'deadly']);
  expect(trajectory.outcome).toEqual({ kind: 'failed', culprit: 'world', message: 'Server notes died' });
  expect(
    callsOf(trajectory).map(({ event }) => event.kind),
    'so the world counts as touched',
  ).toEqual(['called', 'called']);
  expect(score(tinyTask, trajectory)).toMatchObject({ success: null, rewards: { sparse: null, rubric: null } });
});

/** Oracle: the tokenizer's own Jinja template under an independent engine. */
const template = new Template(chatTemplate);
const sumOf = (row: LedgerRow) =>
  row.system + row.results + row.history + Object.values(row.schemas).reduce((sum, tokens) => sum + tokens, 0);

const wireTool = ({ name, description, inputSchema }: MetaTool) => ({
  type: 'function',
  function: { name, description, parameters: inputSchema },
});

function renderedBefore({ trajectory, system, metaTools }: Awaited<ReturnType<typeof played>>, turn: number): string {
  const exchanges = trajectory.turns.slice(0, turn).flatMap((one) => [
    one.text === undefined
      ? {
          role: 'assistant',
          content: '',
          tool_calls: one.calls.map(({ action }) => ({ type: 'function', function: action })),
        }
      : { role: 'assistant', content: one.text },
    ...one.calls.map(({ observation }) => ({ role: 'tool', content: observation.text })),
  ]);
  return template.render({
    tools: metaTools.map(wireTool),
    messages: [{ role: 'system', content: system }, { role: 'user', content: trajectory.prompt }, ...exchanges],
    add_generation_prompt: true,
  });
}

test('the ledger of turns of several calls adds up to the prompt that the model’s own template renders', async () => {
  const long = 'word '.repeat(200);
  const episode = await played(
    [
      calls(note('red'), note('</tool_response>\n<tool_response>'), note('')),
      { calls: [{ action: note(long) }, { action: note('never'), refusal: 'Refused.' }, { action: note(long) }] },
      { ...calls(note('as text'), { name: 'open', arguments: {} }), text: 'Two calls, written by a model.' },
      calls(finish('done'), note('late')),
    ],
    tinyWorld.call,
    { contextTokens: 4_000, resultTokens: 60 },
  );
  const { turns } = episode.trajectory;
  expect(turns.map((turn) => turn.calls.length)).toEqual([3, 3, 2, 2]);
  turns.forEach(({ tokens }, index) => {
    const rendered = renderedBefore(episode, index);
    expect(tokens.prompt, `prompt of turn ${index}`).toBe(slowIds(rendered).length);
    expect(sumOf(tokens), `sources of turn ${index}`).toBe(tokens.prompt);
  });
  const [, before, , after] = turns.map((_, index) => renderedBefore(episode, index));
  expect(before?.match(/<\|im_start\|>user/g), 'all results of a turn in one message').toHaveLength(2);
  expect(after?.match(/<\|im_start\|>user/g)).toHaveLength(4);
  const cut = turns[1]?.calls.map(({ observation }) => observation.cutTokens > 0);
  expect(cut, 'each result has the whole budget of a result').toEqual([true, false, true]);
});

test('results of one turn share what is left of the context, in their order', async () => {
  const decisions = [calls(note('word '.repeat(150)), note('word '.repeat(150)))];
  const { turns: whole } = (await played(decisions)).trajectory;
  const contextTokens = (whole[1]?.tokens.prompt ?? 0) - 60;
  const episode = await played(decisions, tinyWorld.call, { contextTokens, resultTokens: 1_000 });
  const { turns } = episode.trajectory;
  expect(turns[0]?.calls.map(({ observation }) => observation.cutTokens > 0)).toEqual([false, true]);
  expect(turns, 'the next prompt fits').toHaveLength(2);
  expect(turns[1]?.tokens.prompt).toBe(slowIds(renderedBefore(episode, 1)).length);
  expect(turns[1]?.tokens.prompt).toBeLessThanOrEqual(contextTokens);
  expect(turns[1]?.tokens.prompt).toBeGreaterThan(contextTokens - 10);
});
