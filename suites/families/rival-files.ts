import type { Files } from '../../core/types.ts';
import type { Draft, Family } from '../tasks/family.ts';
import { listFolder, onRival } from '../tasks/judgement-steps.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { someProject, startState } from '../tasks/start-state.ts';
import { moveFile, readFile, type Roles, type Step, writeFile, writePage } from '../tasks/step.ts';
import clauses from './rival-files.json' with { type: 'json' };

type Make = (roles: Roles) => Step;

/** What a shape asks, what the right server and the wrong one hold for it, and the plan. */
interface Variant extends Pick<Draft, 'steps'> {
  readonly kind: string;
  readonly own: Files;
  readonly others: Files;
}

/** Names of the two servers, the trained one first, and what their cards say. */
const names = ['filesystem', 'fast-filesystem'] as const;
const cards = ['says of itself that it moves files, not that it edits them', 'says of itself that it copies and edits'];

/**
 * Two file servers are offered, and one of them is right: that which holds a file, that whose file says something, that of
 * a name or a description. The other has the same folder, and files of the same or nearly the same names.
 */
export default {
  name: 'rival-files',
  wording: mixedPhrasings(clauses),
  hasStandIns: false,
  shapes: 5,
  draft: (draw, roles, shape): Draft => {
    const common = startState(draw);
    const isRival = draw.below(2) === 1;
    const right = (make: Make) => (isRival ? onRival(make) : make(roles));
    const wrong = (make: Make) => (isRival ? make(roles) : onRival(make));
    // Both are looked at, the trained one first, whichever is right.
    const both = (make: Make) => [make(roles), onRival(make)];
    const [folder, stem] = [draw.name(), draw.name()];
    const path = `${folder}/${stem}.txt`;
    const [text, other, destination] = [draw.sentence(), draw.sentence(), `${draw.name()}.txt`];
    const oldPath = `${folder}/${draw.name()}.txt`;
    const key = `${draw.word('nouns')} ${draw.word('keyHeads')}`;
    const [mark, unlike] = [`${key}: ${draw.word('adjectives')}`, `${key}: ${draw.word('adjectives')}`];
    const beside = (): Files => ({
      [`${folder}/${draw.name()}.txt`]: draw.sentence(),
      [`${draw.name()}/${stem}.txt`]: draw.sentence(),
    });
    const [project, file] = [someProject(common), `${draw.name()}.md`];
    const which = draw.below(2) === 0 ? `is called “${names[Number(isRival)]}”` : (cards[Number(isRival)] ?? '');
    const after = [0, 1];
    const listing = both((one) => listFolder(one, folder));
    const reading = right((one) => readFile(one, path));
    const same = { own: { [path]: text }, others: { [path]: other } };
    const { kind, own, others, steps } = [
      {
        kind: 'holder',
        own: { [oldPath]: other },
        others: { [oldPath.replace('.txt', '.md')]: other },
        steps: [...listing, { ...right((one) => writeFile(one, path, text)), after }],
      },
      {
        kind: 'marked',
        own: { [path]: `${text}\n${mark}` },
        others: { [path]: `${other}\n${unlike}` },
        steps: [...both((one) => readFile(one, path)), { ...right((one) => moveFile(one, path, destination)), after }],
      },
      {
        kind: 'copy',
        own: { [path]: text },
        others: {},
        steps: [...listing, { ...reading, after }, { ...wrong((one) => writeFile(one, path, text)), after: [2] }],
      },
      { kind: 'copy', ...same, steps: [...listing, { ...reading, after }] },
      { kind: 'page', ...same, steps: [reading, { ...writePage(project, file, text), after: [0] }] },
    ][shape] as Variant;
    const [trained, rival] = isRival ? [others, own] : [own, others];
    const values = { path, known: oldPath, text, mark, destination, project, file, which };
    const server = names[Number(isRival)] ?? '';
    return {
      start: {
        ...common,
        files: { ...common.files, ...beside(), ...trained },
        rivalFiles: { ...beside(), ...rival },
      },
      steps,
      clauses: [{ kind, values }, ...(kind === 'copy' ? [{ kind: 'both', values: { server } }] : [])],
      subGoals: shape === 2 ? 3 : 2,
      ...(shape === 3 ? { answer: { test: { equals: text }, reference: text } } : {}),
    };
  },
} satisfies Family;
