import { randomStream, seedOf, type RandomStream } from '../../core/seeds.ts';
import { keyText, type Trajectory } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import { drawParticulars } from './particulars.ts';
import { propositions, type Particulars } from './propositions.ts';
import strangers from './strangers.json' with { type: 'json' };
import { styleNames, wordingsOf, type Style } from './styles.ts';
import { evidenceOf, type Evidence } from './evidence.ts';

/** A criterion in words that no rubric of ours has, and whether it is true of an episode. */
export interface Statement {
  readonly id: string;
  readonly style: string;
  readonly proposition: string;
  /** What its clauses say, in their order. */
  readonly asked: readonly { readonly proposition: string; readonly isTurned: boolean }[];
  readonly text: string;
  /** `null`: open. */
  readonly truth: boolean | null;
}

export interface StatementOptions {
  readonly seed: number;
  /** Statements of an episode in each style. */
  readonly perStyle: number;
  readonly styles?: readonly string[];
}

/** Statements about an episode in many styles, with their truth by the world's evidence. Equal options give equal ones. */
export function statementsOf(task: Task, trajectory: Trajectory, options: StatementOptions): Statement[] {
  const { seed, perStyle, styles = styleNames } = options;
  const seen = evidenceOf(task, trajectory);
  return styles.flatMap((style) => {
    const stream = randomStream(seedOf('statements', seed, style, keyText(trajectory.key)));
    const known = new Set<string>();
    const made: Statement[] = [];
    for (let tries = 0; made.length < perStyle && tries < 10 * perStyle; tries++) {
      const one = style === 'compound' ? compound(task, seen, stream) : simple(task, seen, stream, style);
      // Nothing is said twice, so that a statement is known by what it says.
      if (one === null || known.has(one.proposition)) continue;
      known.add(one.proposition);
      made.push({ ...one, id: `${style}-${made.length + 1}`, style });
    }
    return made;
  });
}

type Drawn = Omit<Statement, 'id' | 'style'>;

function simple(task: Task, seen: Evidence, stream: RandomStream, style: Style): Drawn | null {
  const wordings = wordingsOf(style);
  const proposition = stream.pick(Object.keys(wordings));
  const { is, not } = wordings[proposition] ?? { is: [], not: [] };
  const isPlain = not.length === 0 || (is.length > 0 && stream.uniform() < 0.5);
  const about = drawParticulars(proposition, { task, seen, stream });
  const holds = propositions[proposition];
  if (about === null || !holds) return null;
  const truth = holds(seen, about);
  return {
    proposition,
    asked: [{ proposition, isTurned: !isPlain }],
    text: filled(stream.pick(isPlain ? is : not), about, stream, style),
    truth: truth === null ? null : truth === isPlain,
  };
}

/** Two statements in one; it is true where both are. */
function compound(task: Task, seen: Evidence, stream: RandomStream): Drawn | null {
  const parts = [0, 1].map(() => simple(task, seen, stream, stream.pick(['plain', 'negated'])));
  const [first, second] = parts;
  if (!first || !second || first.proposition === second.proposition) return null;
  const joint = stream.pick([', and ', '; also, ', ', while ', '. Besides, ', ', but ']);
  const truths = [first.truth, second.truth];
  return {
    proposition: 'compound',
    asked: [...first.asked, ...second.asked],
    text: `${first.text.replace(/\.$/, '')}${joint}${lowered(second.text)}`,
    truth: truths.includes(false) ? false : truths.includes(null) ? null : true,
  };
}

const lowered = (text: string) => (/^[A-Z][a-z]* /.test(text) ? `${text[0]?.toLowerCase()}${text.slice(1)}` : text);

const english = { file: 'file', folder: 'folder', entity: 'entity', task: 'task', branch: 'branch', tag: 'tag' };
const german = {
  file: 'die Datei',
  folder: 'den Ordner',
  entity: 'die Entität',
  task: 'die Aufgabe',
  branch: 'den Branch',
  tag: 'das Tag',
};
const plurals = {
  file: 'files',
  folder: 'folders',
  entity: 'entities',
  task: 'tasks',
  branch: 'branches',
  tag: 'tags',
  observation: 'observations',
};

function filled(template: string, about: Particulars, stream: RandomStream, style: Style): string {
  const quoted = (text: string) => stream.pick([`"${text}"`, `“${text}”`, `'${text}'`, `\`${text}\``]);
  const tool = (name = '') => {
    const bare = name.slice(name.indexOf('.') + 1);
    return stream.pick([bare, bare, name, `\`${bare}\``, bare.replaceAll(/[_-]/g, ' ')]);
  };
  const { thing, kind = '', text = '', count = 0, server = '' } = about;
  const noun = (style === 'german' ? german : english)[(thing?.kind ?? 'file') as keyof typeof english];
  const name = quoted(thing?.name.split('\n').at(-1) ?? '');
  const values: Readonly<Record<string, () => string>> = {
    tool: () => tool(about.tool),
    a: () => tool(about.tool),
    b: () => tool(about.after),
    server: () => server,
    text: () => quoted(text),
    n: () =>
      ['numbers', 'terse', 'german'].includes(style)
        ? `${count}`
        : stream.pick([`${count}`, numerals[count] ?? `${count}`]),
    kind: () => plurals[kind as keyof typeof plurals] ?? kind,
    thing: () =>
      style === 'german'
        ? `${noun} ${name}`
        : stream.pick([`the ${noun} ${name}`, `${noun === 'entity' ? 'an' : 'a'} ${noun} named ${name}`]),
  };
  const chosen = template.replace(/\[([^\]]*)\]/g, (_, choices: string) => stream.pick(choices.split('|')));
  const sentence = chosen
    .replace(/ (?=[.,](?:\s|$))/g, '')
    .replace(/\{(\w+)\}/g, (hole, key: string) => values[key]?.() ?? hole);
  return style === 'terse' ? sentence : `${sentence[0]?.toUpperCase() ?? ''}${sentence.slice(1)}`;
}

const numerals = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** Fourteen plain sentences that none of the styles' words went into, for measuring alone. */
export function strangersOf(task: Task, trajectory: Trajectory): Statement[] {
  const seen = evidenceOf(task, trajectory);
  return strangers.map(({ id, proposition, is, text }) => {
    const truth = propositions[proposition]?.(seen, {}) ?? null;
    return { id, style: 'strangers', proposition, asked: [], text, truth: truth === null ? null : truth === is };
  });
}
