import { expect, test } from 'vitest';
import { fileFact, inspectedFact } from '../../core/facts.ts';
import { boundedRecord, MOST_FACT_UNITS, MOST_TEXT_UNITS, MOST_TURN_UNITS } from '../../core/record/bounded-record.ts';
import type { Trajectory } from '../../core/trajectory.ts';

/** What counts here: texts of turns and answer, and facts. */
interface Parts extends Partial<Pick<Trajectory, 'evidence' | 'start'>> {
  readonly said?: string;
  readonly turns?: number;
  readonly answer?: string;
}

function record(parts: Parts): Trajectory {
  const { said = 'x', turns = 1, answer = 'done', ...rest } = parts;
  const turn = {
    calls: [
      {
        action: { name: 'call_tool', arguments: { server: 'a', arguments: { text: said } } },
        observation: { text: 'kept', isError: false },
      },
    ],
    text: said,
    tokens: { prompt: 1, output: 2 },
  };
  return {
    turns: Array.from({ length: turns }, () => turn),
    outcome: { kind: 'terminated', answer },
    evidence: { a: [fileFact('a.txt', 'a')] },
    ...rest,
  } as unknown as Trajectory;
}

test('a record that is short enough is the very same', () => {
  const short = record({ said: 'x'.repeat(MOST_TEXT_UNITS), turns: 7, answer: 'y'.repeat(MOST_TEXT_UNITS) });
  expect(boundedRecord(short)).toBe(short);
});

test('a long text keeps its beginning, and says how long it was; nothing else changes', () => {
  const long = 'é'.repeat(MOST_TEXT_UNITS + 1);
  const { turns, outcome, evidence } = boundedRecord(record({ said: long, answer: long }));
  const mark =
    /^é{1048576}… \[1048577 characters, SHA-256 [0-9a-f]{64}, of which the record holds the first 1048576\]$/;
  expect(turns[0]?.text).toMatch(mark);
  expect(outcome).toMatchObject({ kind: 'terminated', answer: expect.stringMatching(mark) });
  expect(turns[0]?.calls[0]?.observation).toEqual({ text: 'kept', isError: false });
  expect(turns[0]?.tokens).toEqual({ prompt: 1, output: 2 });
  expect(evidence).toEqual({ a: [fileFact('a.txt', 'a')] });
});

test('turns that are too many together keep little of each text and of none of their arguments', () => {
  const said = 'x'.repeat(MOST_TEXT_UNITS);
  const { turns } = boundedRecord(record({ said, turns: 1 + MOST_TURN_UNITS / said.length }));
  expect(turns).toHaveLength(17);
  expect(JSON.stringify(turns).length).toBeLessThan(17 * 4_000);
  expect(turns[0]?.calls[0]?.action.arguments).toEqual({
    '…': expect.stringMatching(/^{"server":"a",.*x… \[\d+ characters, SHA-256 /),
  });
  expect(turns[0]?.calls[0]?.observation).toEqual({ text: 'kept', isError: false });
});

test('facts that are too many are told by number and hash, but not what was looked up for checks', () => {
  const long = fileFact('a', 'x'.repeat(MOST_TEXT_UNITS));
  const facts = (count: number) => Array.from({ length: count }, () => long);
  const looked = [inspectedFact(0, 'ok', 'found')];
  const all = { a: facts(40), b: facts(40), c: facts(1), '': looked };
  const { evidence, start } = boundedRecord(record({ evidence: all, start: all }));
  expect(start).toEqual(evidence);
  expect(evidence['']).toEqual(looked);
  expect(evidence['a']).toEqual(all.a);
  const kept = Math.floor(MOST_FACT_UNITS / long.length) - 40;
  expect(evidence['b']?.slice(0, -1)).toEqual(facts(kept));
  expect(evidence['b']?.at(-1)).toMatch(/more than a record holds/);
  expect(evidence['b']?.at(-1)).toMatch(new RegExp(`${40 - kept} facts, SHA-256 [0-9a-f]{64}`));
  expect(evidence['c']).toEqual([expect.stringMatching(/1 facts, SHA-256/)]);
});
