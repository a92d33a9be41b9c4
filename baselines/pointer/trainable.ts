import { chunkedBatch, type Chunk, type LaidChoice } from '../learning/choice-loss.ts';
import type { LearningBatch, Trainable } from '../learning/trainable.ts';
import type { Policy, PolicySession } from '../../core/types.ts';
import { situationSize } from './heads.ts';
import type { Network, Question } from './network.ts';
import type { PointerSession } from './session.ts';

/** Candidates on one tape: bounds the arena's size. */
const largestTape = 12_000;

interface QuestionChoice extends LaidChoice {
  readonly question: Question;
}

/** The network's gradients over sessions of its sampling policy, head by head. */
export function makeTrainable(network: Network, policy: Policy, imitate: Trainable['imitate']): Trainable {
  const { heads } = network;
  const { engine } = network.parameters;
  return {
    policy,
    imitate,
    isWithinReach: (session) => (session as PointerSession).isWithinReach?.() ?? true,
    heads,
    parameters: network.parameters,
    changed: network.changed,
    choices: choicesOf,
    stateSize: situationSize,
    states: (session) => ({ acted: (session as PointerSession).states }),
    open: (sessions) => {
      const mark = engine.mark();
      const laidChoices = sessions.flatMap((session, i) =>
        choicesOf(session).map(({ question, chosen }, index) => {
          return { question, session: i, index, candidates: question.candidates.length, chosen };
        }),
      );
      const chunks = heads.flatMap(({ name }, head) =>
        split(laidChoices.filter(({ question }) => question.head === name)).map((choices): Chunk => {
          const record = network.prepare(choices.map(({ question }) => question));
          return { head, choices, record };
        }),
      );
      const lengths = sessions.map((session) => choicesOf(session).length);
      return {
        ...chunkedBatch(engine, chunks, lengths, heads.length),
        close: () => engine.release(mark),
      } satisfies LearningBatch;
    },
  };
}

const choicesOf = (session: PolicySession) => (session as PointerSession).choices;

function split(choices: readonly QuestionChoice[]): QuestionChoice[][] {
  const parts: QuestionChoice[][] = [];
  let size = Infinity;
  for (const choice of choices) {
    if (size + choice.candidates > largestTape) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(choice);
    size += choice.candidates;
  }
  return parts;
}
