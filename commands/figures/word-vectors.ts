// node commands/figures/word-vectors.ts [NAME=SENTENCES.json …]: how often the nearest of a suite's training clauses asks for the
// same sub-goal as a clause in other words or a vague one, by what is read of them; and in brackets that share to the power of the
// mean number of sub-goals of a task there, plus .1: what a policy that reads so may be asked to solve. SENTENCES.json is
// {text: vector}, by a sentence encoder; `--texts` prints the texts that it must hold, as JSON.
import { readFileSync } from 'node:fs';
import { randomStream } from '../../core/seeds.ts';
import { toTerminal } from '../../core/terminal.ts';
import { clauseVector, cosine } from '../../core/word-vectors/word-vectors.ts';
import { stemsOf } from '../../core/words.ts';
import { broadOptions } from '../../suites/broad.ts';
import basic from '../../suites/basic.ts';
import { inGrammar } from '../../suites/grammar/grammar.ts';
import { sinks, sources } from '../../suites/goals/sub-goal-list.ts';
import { familiesNamed } from '../../suites/tasks/family-list.ts';
import type { Family } from '../../suites/tasks/family.ts';
import type { Register } from '../../suites/tasks/phrasing.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';

interface Clause {
  readonly subGoal: string;
  /** Without the task's values. */
  readonly text: string;
}
interface Reading {
  readonly name: string;
  readonly compare: (text: string) => (other: string) => number;
}

const shared = new Set([...sources, ...sinks].map(({ name }) => name));
const drawsPerFamily = 60;

/** Every clause of these families in one register that so many draws bring up; a sub-goal that families share is one. */
function clausesOf(families: readonly Family[], register: Register): Clause[] {
  const clauses = families.flatMap(({ name, wording }) =>
    Array.from({ length: drawsPerFamily }, (_, i) => wording.pick(register, randomStream(i))).flatMap((phrasing) =>
      Object.entries(phrasing).flatMap(([kind, text]) =>
        kind === 'frame' || kind === 'join' ? [] : [{ subGoal: subGoalOf(name, kind), text: withoutValues(text) }],
      ),
    ),
  );
  return [...new Map(clauses.map((clause) => [JSON.stringify(clause), clause])).values()];
}

function subGoalOf(family: string, kind: string): string {
  const name = kind.replace(/-(found|list)$/, '');
  return shared.has(name) || basic.families.includes(family) ? name : `${family}/${name}`;
}

const withoutValues = (text: string): string =>
  text
    .replaceAll(/[“"”]?\{\w+\}[“"”]?/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

const remembered = <Result>(make: (text: string) => Result): ((text: string) => Result) => {
  const made = new Map<string, Result>();
  return (text) => {
    if (!made.has(text)) made.set(text, make(text));
    return made.get(text) as Result;
  };
};
const stems = remembered((text) => new Set(stemsOf(text)));
const vectors = remembered(clauseVector);
const compareStems: Reading['compare'] = (text) => (other) => {
  const [a, b] = [stems(text), stems(other)];
  return a.intersection(b).size / Math.sqrt(Math.max(1, a.size * b.size));
};
const compareVectors: Reading['compare'] = (text) => (other) => cosine(vectors(text), vectors(other));

function sentenceReading(argument: string): Reading {
  const [name = '', file = ''] = argument.split('=');
  const encoded = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, readonly number[]>>;
  const unit = remembered((text: string) => {
    const vector = encoded[text];
    if (!vector) throw new Error(`${file} lacks "${text}": make it from what --texts prints.`);
    const length = Math.hypot(...vector);
    return Float32Array.from(vector, (entry) => entry / length);
  });
  return { name, compare: (text) => (other) => cosine(unit(text), unit(other)) };
}

/** Share of the clauses whose nearest training clause has the same sub-goal. */
function accuracy(asked: readonly Clause[], trained: readonly Clause[], { compare }: Reading): number {
  const right = asked.filter(({ subGoal, text }) => {
    const likeness = compare(text);
    let [best, most] = ['', -Infinity];
    for (const other of trained) {
      const score = likeness(other.text);
      if (score > most) [best, most] = [other.subGoal, score];
    }
    return best === subGoal;
  });
  return right.length / asked.length;
}

const [basics, broads] = [
  await familiesNamed(...basic.families),
  [...broadOptions.families, ...broadOptions.heldOutFamilies],
];
const written = ['wording', 'fuzzy'] as const;
const byGrammar = ['held-out-word', 'held-out-frame', 'fuzzy'] as const;
const readBy: readonly { suite: string; families: readonly Family[]; registers: readonly Asked[] }[] = [
  { suite: 'basic', families: basics, registers: written },
  { suite: 'basic-2', families: basics.map(inGrammar), registers: byGrammar },
  { suite: 'broad', families: broads, registers: written },
  { suite: 'broad-2', families: broads.map(inGrammar), registers: byGrammar },
];
type Asked = Extract<Register, (typeof written)[number] | (typeof byGrammar)[number]>;

/** Sub-goals of a task, in the mean of a split. */
async function subGoalsIn(suite: string, split: Asked): Promise<number> {
  const tasks = (await suiteNamed(suite)).tasks(split, 300);
  return tasks.reduce((sum, { subGoals }) => sum + subGoals, 0) / tasks.length;
}

if (process.argv[2] === '--texts') {
  const all = readBy.flatMap(({ families, registers }) =>
    ['train' as const, ...registers].flatMap((register) => clausesOf(families, register)),
  );
  toTerminal(process.stdout, JSON.stringify([...new Set(all.map(({ text }) => text))]));
} else {
  const readings: readonly Reading[] = [
    { name: 'stems', compare: compareStems },
    { name: 'word vectors', compare: compareVectors },
    {
      name: 'word vectors and half as much stems',
      compare: (text) => {
        const [byStems, byVectors] = [compareStems(text), compareVectors(text)];
        return (other) => byStems(other) / 2 + byVectors(other);
      },
    },
    ...process.argv.slice(2).map(sentenceReading),
  ];
  for (const { suite, families, registers } of readBy) {
    const trained = clausesOf(families, 'train');
    for (const register of registers) {
      const asked = clausesOf(families, register);
      const subGoals = await subGoalsIn(suite, register);
      const figures = readings.map((reading) => {
        const share = accuracy(asked, trained, reading);
        return `${reading.name} ${share.toFixed(2)} [${(share ** subGoals + 0.1).toFixed(2)}]`;
      });
      const of = `${asked.length} clauses, ${subGoals.toFixed(1)} sub-goals a task`;
      toTerminal(process.stdout, `${suite} ${register}, ${of}: ${figures.join(', ')}\n`);
    }
  }
}
