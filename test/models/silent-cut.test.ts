import { expect, test } from 'vitest';
import { cutVerdict, type CutVerdict, type PromptReading } from '../../core/models/silent-cut.ts';

/** Sent, reported, and perhaps what the server says of its cache and what thinking there is. */
type Turn = readonly [sent: number, reported: number | null, more?: { cached?: number; thinking?: number }];

interface Row {
  readonly what: string;
  /** Tokens of the system prompt, which other conversations have too. */
  readonly shared?: number;
  readonly turns: readonly Turn[];
  readonly verdicts: readonly CutVerdict[];
}

const [whole, cut, partial, unsaid] = ['whole', 'cut', 'partial', 'unsaid'] as const;

const rows: readonly Row[] = [
  // servers that read all and say so
  { what: 'an honest count', turns: [[1000, 1100], [1200, 1350], [2000, 2100]], verdicts: [whole, whole, whole] },
  { what: 'a tokenizer with a third fewer tokens', turns: [[900, 600], [3000, 2000]], verdicts: [whole, whole] },
  { what: 'a tokenizer with half as many again', turns: [[900, 1350], [3000, 4500]], verdicts: [whole, whole] },
  { what: 'thinking that the template shows', turns: [[900, 900], [1000, 3000, { thinking: 2000 }]], verdicts: [whole, whole] },
  { what: 'thinking that the template drops', turns: [[900, 900], [1000, 1010, { thinking: 2000 }]], verdicts: [whole, whole] },
  { what: 'a short prompt, of which templates make what they like', turns: [[250, 20]], verdicts: [whole] },
  { what: 'a whole count with its cached part beside it', turns: [[3000, 3000, { cached: 2900 }]], verdicts: [whole] },
  { what: 'a count less its cached part, which is told', turns: [[3000, 100, { cached: 2900 }]], verdicts: [whole] },
  // servers that say nothing
  { what: 'no usage', turns: [[3000, null], [3100, null]], verdicts: [unsaid, unsaid] },
  { what: 'zeros', turns: [[3000, 0]], verdicts: [unsaid] },
  // servers that count what they read anew
  { what: 'a count of what is new, after a whole one', turns: [[3500, 3500], [3600, 24], [3700, 24]], verdicts: [whole, partial, partial] },
  { what: 'the same with large results', turns: [[3000, 3000], [3200, 210], [6200, 2950], [6250, 60]], verdicts: [whole, partial, partial, partial] },
  { what: 'growth that is the same each turn', turns: [[3000, 3000], [3300, 300], [3600, 300], [3900, 300]], verdicts: [whole, partial, partial, partial] },
  { what: 'a second episode, whose system prompt is known', shared: 3000, turns: [[3200, 210], [3500, 290]], verdicts: [partial, partial] },
  { what: 'the same run again, all of it known', shared: 3000, turns: [[3200, 1]], verdicts: [partial] },
  { what: 'an older part known, since others were served in between', turns: [[3000, 3000], [3300, 310], [3600, 290], [4000, 1000]], verdicts: [whole, partial, partial, partial] },
  { what: 'thinking read anew', turns: [[3000, 3000], [3080, 990, { thinking: 900 }]], verdicts: [whole, partial] },
  { what: 'a cached part told, and perhaps not counted', turns: [[3000, 1000, { cached: 900 }]], verdicts: [partial] },
  { what: 'the last message alone, which looks no other', shared: 2000, turns: [[2300, 310]], verdicts: [partial] },
  // servers that cut
  { what: 'a first prompt cut to a context of 4,096', shared: 700, turns: [[9000, 4096]], verdicts: [cut] },
  { what: 'schemas at once, cut to 4,096', shared: 29_800, turns: [[30_000, 4096]], verdicts: [cut] },
  { what: 'one message cut', turns: [[3004, 1000]], verdicts: [cut] },
  { what: 'a context of 2,048 that fills up', turns: [[1500, 1500], [3000, 2048], [5000, 2048], [5100, 2048]], verdicts: [whole, whole, partial, cut] },
  { what: 'a context of 4,096 behind one large result', shared: 700, turns: [[3000, 3000], [9000, 4096], [9500, 4096]], verdicts: [whole, partial, cut] },
  { what: 'a ceiling that wavers by single tokens', turns: [[1500, 1500], [3900, 2047], [4600, 2048], [4650, 2046]], verdicts: [whole, whole, cut, cut] },
  { what: 'less than what is new', turns: [[3000, 3000], [9000, 2000]], verdicts: [whole, cut] },
  { what: 'a cached part that does not make up for it', turns: [[3000, 400, { cached: 300 }]], verdicts: [cut] },
  { what: 'far more than what is new, and no thinking', turns: [[3000, 3000], [3080, 990]], verdicts: [whole, cut] },
]; // prettier-ignore

test.each(rows)('$what', ({ shared = 0, turns, verdicts }) => {
  const readings = turns.map(([sent, reported, { cached, thinking = 0 } = {}]): PromptReading => {
    return { sent, shared, thinking, reported, ...(cached === undefined ? {} : { cached }) };
  });
  expect(readings.map((reading, index) => cutVerdict(reading, readings.slice(0, index)))).toEqual(verdicts);
});
