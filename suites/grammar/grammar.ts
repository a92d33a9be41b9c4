import type { Split } from '../../core/types.ts';
import type { RandomStream } from '../../core/seeds.ts';
import type { Family } from '../tasks/family.ts';
import type { Phrasing, Wording, WrittenRegister } from '../tasks/phrasing.ts';
import clauseTexts from './clauses.json' with { type: 'json' };
import frames from './frames.json' with { type: 'json' };
import { inOtherWords, isHeldOut } from './substitute.ts';
import { withTypos } from './typos.ts';

/** What the suites of the grammar are divided into: what is held out of their words, and what other suites hold out, too. */
export const grammarSplits = [
  'train',
  'validation',
  'test',
  'held-out-word',
  'held-out-frame',
  'fuzzy',
  'tone',
  'typo',
  'held-out-server',
  'held-out-family',
  'held-out-composition',
] as const satisfies readonly Split[];

type Stream = Pick<RandomStream, 'pick' | 'below'>;
type Clauses = Readonly<Record<string, string>>;

/** Families whose phrasings were written as a whole: their clauses stand in `clauses.json`, so that they can be mixed. */
const rewritten = ['board-tasks', 'case-file', 'compute-save', 'file-notes', 'graph-facts', 'lookup-record'];

/** The same family, asked by the grammar: frames, clauses and their words are drawn apart, hundreds of ways in each register. */
export const inGrammar = (family: Family): Family => ({ ...family, wording: grammarWording(family) });

function grammarWording({ name, wording }: Family): Wording {
  const isRewritten = rewritten.includes(name);
  const clausesOf = (register: 'train' | 'held-out-frame' | 'fuzzy', stream: Stream): Clauses => {
    const written = clausesIn(wording, register === 'fuzzy' ? 'fuzzy' : 'train', stream);
    return isRewritten && register !== 'fuzzy'
      ? mapClauses(written, (text, kind) => rewrittenClause(kind, register, text, stream))
      : written;
  };
  const inWords = (register: 'train' | 'held-out-frame', which: 'train' | 'heldOut', stream: Stream): Clauses =>
    mapClauses(clausesOf(register, stream), (text) => inOtherWords(text, which, stream));
  return {
    count: wording.count,
    pick: (register, stream) => {
      switch (register) {
        case 'fuzzy':
          return { ...frameOf('fuzzy', stream), ...clausesOf('fuzzy', stream) };
        case 'held-out-frame':
        case 'tone':
          return quoted(
            { ...frameOf(register, stream), ...inWords(register === 'tone' ? 'train' : register, 'train', stream) },
            stream,
          );
        case 'held-out-word':
          return quoted(
            { ...frameOf('train', stream), ...neverHeard(() => inWords('train', 'heldOut', stream)) },
            stream,
          );
        case 'typo': {
          const { join, ...texts } = { ...frameOf('train', stream), ...inWords('train', 'train', stream) };
          return quoted({ join, ...mapClauses(texts, (text) => withTypos(text, stream)) } as Phrasing, stream);
        }
        case 'train':
          return quoted({ ...frameOf('train', stream), ...inWords('train', 'train', stream) }, stream);
        case 'wording':
          throw new RangeError('the grammar has held-out words and frames in place of the register wording');
      }
    },
  };
}

/** Clauses of the family's own without any word that is held out: those that have one are drawn again. */
function clausesIn(wording: Wording, register: WrittenRegister, stream: Stream): Clauses {
  const clauses: Record<string, string> = {};
  for (let draw = 0; draw < mostDraws; draw++) {
    const { frame: _, join: __, ...drawn } = wording.pick(register, stream);
    let isWhole = true;
    // Kinds of one phrasing are drawn apart, too, where it was written as a whole.
    for (const [kind, text] of Object.entries(drawn)) {
      if (clauses[kind] !== undefined) continue;
      if (isHeldOut(text)) isWhole = false;
      else clauses[kind] = text;
    }
    if (isWhole) return clauses;
  }
  throw new RangeError(`a clause of the register ${register} has held-out words in all of its phrasings`);
}
const mostDraws = 200;

/** Clauses with held-out words, drawn until each has one; a few of `broad` have no word that could be another. */
function neverHeard(draw: () => Clauses): Clauses {
  let clauses = draw();
  for (let turn = 0; turn < 12 && !Object.values(clauses).every(isHeldOut); turn++) {
    const again = draw();
    clauses = mapClauses(clauses, (text, kind) => (isHeldOut(text) ? text : (again[kind] ?? text)));
  }
  return clauses;
}

function rewrittenClause(kind: string, register: 'train' | 'held-out-frame', written: string, stream: Stream): string {
  const texts = (clauseTexts as Readonly<Record<string, Readonly<Record<typeof register, readonly string[]>>>>)[kind];
  if (!texts) throw new RangeError(`clauses.json has no clause ${kind}`);
  const text = stream.pick(texts[register]);
  return written.includes('{remark}') ? text.replace('{text}', '{remark}') : text;
}

function frameOf(
  register: 'train' | 'fuzzy' | 'held-out-frame' | 'tone',
  stream: Stream,
): Pick<Phrasing, 'frame' | 'join'> {
  const { openings, requests, closings, joins, sentenceJoins } = frames[register];
  const [opening, request, closing] = [stream.pick(openings), stream.pick<Request>(requests), stream.pick(closings)];
  const isStart = /(^|[.!?] )$/.test(opening) && !request.text.startsWith('{');
  const text = isStart ? request.text.charAt(0).toUpperCase() + request.text.slice(1) : request.text;
  return { frame: opening + text + closing, join: stream.pick(request.isSentence ? sentenceJoins : joins) };
}
interface Request {
  readonly text: string;
  /** Its steps are sentences of their own. */
  readonly isSentence?: boolean;
}

/** Half of the phrasings have typewriter quotes. */
const quoted = (phrasing: Phrasing, { pick }: Stream): Phrasing =>
  pick([true, false]) ? phrasing : (mapClauses(phrasing, (text) => text.replaceAll(/[“”]/g, '"')) as Phrasing);

const mapClauses = (clauses: Clauses, change: (text: string, kind: string) => string): Clauses =>
  Object.fromEntries(Object.entries(clauses).map(([kind, text]) => [kind, change(text, kind)]));
