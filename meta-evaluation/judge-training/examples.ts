import type { Criterion } from '../../core/reward-types.ts';
import { randomStream, seedOf, type RandomStream } from '../../core/seeds.ts';
import { genericRubric } from '../../judges/rubric/criteria.ts';
import { encodeCriterion, encodeTrajectory, type EncodedTrajectory } from '../../judges/embedded/encode.ts';
import { mentionsIn } from '../../judges/embedded/mentions.ts';
import type { Example } from '../../judges/embedded/training.ts';
import { aspectOf } from './aspects.ts';
import { blurred } from './blur.ts';
import type { Planted, PlantedLabel } from '../defects/plant.ts';
import wordings from '../defects/wordings.json' with { type: 'json' };

/** Other words for what a criterion asks, and for its opposite, `[one|of|these]` in them; the held-out ones are for tests alone. */
interface Wordings {
  readonly same: readonly string[];
  readonly opposite: readonly string[];
  readonly heldOutSame: readonly string[];
  readonly heldOutOpposite: readonly string[];
}

const wordingsOf = (id: string): Wordings | undefined => (wordings as Readonly<Record<string, Wordings>>)[id];
const [holistic] = genericRubric.criteria;

/** A criterion in the words given, with what is particular to the task, e.g. which tools are meant, after a colon. */
export function reworded(description: string, words: string): string {
  const colon = description.indexOf(': ');
  return colon < 0 ? `${words}.` : `${words}: ${description.slice(colon + 2)}`;
}

/** A criterion in held-out words, or in those of its opposite; `null` where it has none. */
export function inHeldOutWords(criterion: Criterion, isOpposite: boolean): Criterion | null {
  const words = wordingsOf(criterion.id)?.[isOpposite ? 'heldOutOpposite' : 'heldOutSame'][0];
  return words === undefined ? null : { ...criterion, description: reworded(criterion.description, words) };
}

/** Whether a planted trajectory is sound as a whole: nothing is broken, and nothing else known to be wrong. */
export function wholeLabel({ labels, defect }: Planted): 0 | 1 | null {
  if (labels.some(({ label }) => label === 0)) return 0;
  return labels.length > 0 && defect.breaks.length === 0 ? 1 : null;
}

interface Item {
  readonly planted: Planted;
  readonly encoded: EncodedTrajectory;
  readonly criterion: Criterion;
  readonly label: 0 | 1;
}

/** Everything labelled that training may see. */
export function itemsToTrainOn(all: readonly Planted[]): Item[] {
  return all.flatMap((planted) => {
    const { task, labels, trajectory } = planted;
    if (labels.length === 0 || labels[0]?.tags['part'] !== 'train') return [];
    const { criteria } = task.rubric;
    const encoded = encodeTrajectory(trajectory, mentionsIn(criteria.map(({ description }) => description)));
    const whole = wholeLabel(planted);
    const items = labels.flatMap((label: PlantedLabel): Item[] => {
      const criterion = criteria.find(({ id }) => id === label.criterion);
      return criterion && label.label !== null ? [{ planted, encoded, criterion, label: label.label }] : [];
    });
    return whole === null || !holistic ? items : [...items, { planted, encoded, criterion: holistic, label: whole }];
  });
}

/** The examples of a pass: each item once, its criterion in some words, read with its whole rubric or alone. */
export function examplesOf(items: readonly Item[], seed: number, pass: number): Example[] {
  const weightOf = balancing(items);
  const stream = randomStream(seedOf('examples of planted defects', seed, pass));
  return items.map((item) => exampleOf(item, weightOf(item), stream));
}

/** The same items as they are asked in use: in their own words, with the whole rubric. */
export const plainExamples = (items: readonly Item[]): Example[] =>
  items.map(({ encoded, criterion, label }) => ({
    trajectory: encoded,
    criterion: encodeCriterion(encoded.read, criterion.description),
    aspects: [],
    label,
    weight: 1,
  }));

function exampleOf({ encoded, criterion, label, planted }: Item, weight: number, stream: RandomStream): Example {
  const { same, opposite } = wordingsOf(criterion.id) ?? { same: [], opposite: [] };
  const lot = stream.uniform();
  const isOpposite = lot > 0.65 && opposite.length > 0;
  const template = isOpposite ? stream.pick(opposite) : lot > 0.3 && same.length > 0 ? stream.pick(same) : null;
  const words = template && filled(template, stream);
  const isAlone = stream.uniform() < (criterion === holistic ? 0.5 : 0.15);
  const isBare = !isAlone && stream.uniform() < 0.15;
  const text = words === null ? criterion.description : isBare ? `${words}.` : reworded(criterion.description, words);
  const trajectory = isAlone ? encodeTrajectory(planted.trajectory, mentionsIn([text])) : encoded;
  return {
    trajectory,
    criterion: encodeCriterion(trajectory.read, text, words === null ? undefined : blurred(stream)),
    aspects: [aspectOf(`criterion ${criterion.id}`, isOpposite)],
    label: isOpposite ? (label === 1 ? 0 : 1) : label,
    // Alone, much cannot be known; that shall not drown what can.
    weight: isAlone ? 0.5 * weight : weight,
  };
}

const filled = (template: string, stream: RandomStream): string =>
  template.replace(/\[([^\]]*)\]/g, (_, choices: string) => stream.pick(choices.split('|'))).trim();

/** Yes and no weigh the same in each criterion, up to four times. */
function balancing(items: readonly Item[]): (item: Item) => number {
  const counts = new Map<string, number>();
  const count = (id: string, label: 0 | 1) => counts.get(`${id} ${label}`) ?? 0;
  for (const { criterion, label } of items) counts.set(`${criterion.id} ${label}`, count(criterion.id, label) + 1);
  return ({ criterion: { id }, label }) => Math.min(4, (count(id, 0) + count(id, 1)) / (2 * count(id, label)));
}
