// node commands/figures/word-vectors.ts [NAME=SENTENCES.json …]: how often the nearest of a suite's training clauses asks for the
// same sub-goal as a clause in other words or a vague one, by what is read of them. SENTENCES.json is {text: vector}, by a
// sentence encoder; `--texts` prints the texts that it must hold, as JSON.
import { readFileSync } from 'node:fs';
import { randomStream } from '../../core/seeds.ts';
import { toTerminal } from '../../core/terminal.ts';
import { clauseVector, cosine } from '../../core/word-vectors/word-vectors.ts';
import { stemsOf } from '../../core/words.ts';
import { broadOptions } from '../../suites/broad.ts';
import basic from '../../suites/basic.ts';
import { sinks, sources } from '../../suites/goals/sub-goal-list.ts';
import { familiesNamed } from '../../suites/tasks/family-list.ts';
import type { Family } from '../../suites/tasks/family.ts';
import type { WrittenRegister } from '../../suites/tasks/phrasing.ts';

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
function clausesOf(families: readonly Family[], register: WrittenRegister): Clause[] {
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
function accuracy(asked: readonly Clause[], trained: readonly Clause[], { compare }: Reading): string {
  const right = asked.filter(({ subGoal, text }) => {
    const likeness = compare(text);
    let [best, most] = ['', -Infinity];
    for (const other of trained) {
      const score = likeness(other.text);
      if (score > most) [best, most] = [other.subGoal, score];
    }
    return best === subGoal;
  });
  return (right.length / asked.length).toFixed(2);
}

const suites = {
  basic: await familiesNamed(...basic.families),
  broad: [...broadOptions.families, ...broadOptions.heldOutFamilies],
};
const registers = ['train', 'wording', 'fuzzy'] as const;
if (process.argv[2] === '--texts') {
  const all = Object.values(suites).flatMap((families) => registers.flatMap((one) => clausesOf(families, one)));
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
  for (const [suite, families] of Object.entries(suites)) {
    const trained = clausesOf(families, 'train');
    for (const register of ['wording', 'fuzzy'] as const) {
      const asked = clausesOf(families, register);
      const figures = readings.map((reading) => `${reading.name} ${accuracy(asked, trained, reading)}`);
      toTerminal(process.stdout, `${suite} ${register}, ${asked.length} clauses: ${figures.join(', ')}\n`);
    }
  }
}
