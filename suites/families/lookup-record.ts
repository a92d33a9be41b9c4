import type { Family } from '../tasks/family.ts';
import { wholePhrasings } from '../tasks/phrasing.ts';
import { people, someFolder, startState } from '../tasks/start-state.ts';
import { addObservation, readFile } from '../tasks/step.ts';
import phrasings from './lookup-record.json' with { type: 'json' };

/** Reads one of several `key: value` lines of a file and records the value, which the prompt does not hold. */
export default {
  name: 'lookup-record',
  wording: wholePhrasings(phrasings),
  hasStandIns: true,
  shapes: 1,
  draft: (draw, roles) => {
    const start = startState(draw);
    const path = `${someFolder(start, draw)}/${draw.name()}.txt`;
    const lines = Array.from({ length: 4 }, () => ({
      key: `${draw.word('nouns')} ${draw.word('keyHeads')}`,
      value: `${draw.name()} ${10 + draw.below(90)}`,
    }));
    const { key, value } = draw.pick(lines);
    const [person = ''] = people(start, draw);
    const text = lines.map((line) => `${line.key}: ${line.value}\n`).join('');
    return {
      start: { ...start, files: { ...start.files, [path]: text } },
      steps: [readFile(roles, path), { ...addObservation(roles, person, value), after: [0] }],
      clauses: [{ kind: 'lookup', values: { path, key, known: person } }],
      subGoals: 2,
    };
  },
} satisfies Family;
