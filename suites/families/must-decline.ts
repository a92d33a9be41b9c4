import type { Draft, Family } from '../tasks/family.ts';
import { listFolder } from '../tasks/judgement-steps.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { people, startState } from '../tasks/start-state.ts';
import { addObservation, moveFile, readFile, writeFile } from '../tasks/step.ts';
import clauses from './must-decline.json' with { type: 'json' };

const deeds = ['overwrite', 'move', 'observe', 'fetch'] as const;

const onFiles = ['may be changed and moved', 'must be neither changed nor moved'] as const;

/** What a rule or entry says of a thing with which the deed can be done, and of one with which it cannot. */
const words = {
  overwrite: onFiles,
  move: onFiles,
  observe: ['may get new observations', 'must not get new observations'],
  fetch: ['was checked and kept', 'was deleted for good'],
} as const;

/**
 * Asks for something that a note in the folder forbids, or that cannot be done any more: the answer is then the reference
 * of the rule, or of the entry that tells what became of the file. Odd shapes decline; their twins read alike, are
 * permitted and have to be done. Rules and entries about other things say the opposite.
 */
export default {
  name: 'must-decline',
  wording: mixedPhrasings(clauses),
  hasStandIns: true,
  shapes: 2 * deeds.length,
  draft: (draw, roles, shape): Draft => {
    const deed = deeds[shape >> 1] ?? 'overwrite';
    const isDeclined = shape % 2 === 1;
    const common = startState(draw);
    const [folder, target] = [draw.name(), draw.name()];
    const [file, similar] = [`${draw.name()}.txt`, `${draw.name()}.txt`];
    const [name = '', other = ''] = people(common, draw);
    const [subject, decoy] = deed === 'observe' ? [name, other] : [file, similar];
    const [reference, elsewhere, third] = [1, 2, 3].map(() => `R-${draw.number(1000, 10_000)}`) as [
      string,
      string,
      string,
    ];
    const [path, destination, text] = [`${folder}/${file}`, `${target}/${file}`, draw.sentence()];
    const isFetched = deed === 'fetch';
    const [permitted, forbidden] = words[deed];
    const noteOf = (code: string, about: string, isOff: boolean) =>
      `${code}: ${about} ${isOff ? forbidden : permitted}`;
    const rules = [
      noteOf(elsewhere, decoy, !isDeclined),
      noteOf(reference, subject, isDeclined),
      noteOf(third, deed === 'observe' ? draw.person() : `${draw.name()}.txt`, draw.below(2) === 0),
    ];
    const rulesPath = `${folder}/${draw.word('nouns')}-${isFetched ? 'log' : 'rules'}.txt`;
    const files = {
      ...common.files,
      [rulesPath]: draw.shuffle(rules).join('\n'),
      [`${folder}/${similar}`]: draw.sentence(),
      ...(isFetched && isDeclined ? {} : { [path]: draw.sentence() }),
      [`${target}/`]: '',
    };
    const steps = {
      overwrite: () => writeFile(roles, path, text),
      move: () => moveFile(roles, path, destination),
      fetch: () => moveFile(roles, path, destination),
      observe: () => addObservation(roles, name, text),
    };
    const isLogNeeded = !isFetched || isDeclined;
    return {
      start: { ...common, files },
      steps: [
        listFolder(roles, folder),
        ...(isLogNeeded ? [{ ...readFile(roles, rulesPath), after: [0] }] : []),
        ...(isDeclined ? [] : [{ ...steps[deed](), after: isLogNeeded ? [1] : [0] }]),
      ],
      clauses: isFetched
        ? [
            { kind: 'move', values: { path, destination } },
            { kind: 'gone', values: { folder } },
          ]
        : [
            { kind: 'heed', values: { folder } },
            { kind: deed, values: { path, destination, text, name } },
          ],
      subGoals: 2,
      ...(isDeclined ? { answer: { test: { equals: reference }, reference } } : {}),
    };
  },
} satisfies Family;
