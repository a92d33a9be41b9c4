import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { ChatReply } from '../../../core/models/model-client.ts';
import type { Category, Criterion, Rubric, WrittenForm } from '../../../core/reward-types.ts';
import { objectIn, shown, type Unusable } from '../../language/reply.ts';
import { atlasForm, rubricProblems } from '../rubric.ts';
import { replySchema } from './question.ts';

type Written = Pick<Criterion, 'description' | 'weight'>;
type AtlasReply = Readonly<Record<Category, readonly Written[]>>;
type FreeReply = { readonly criteria: readonly (Written & { readonly category: Category })[] };

const ajv = new Ajv2020({ logger: false });
const isAtlas = ajv.compile<AtlasReply>(replySchema('atlas', false));
const isFree = ajv.compile<FreeReply>(replySchema('free', false));

/**
 * The rubric in a model's reply, or why there is none: it must be one JSON object of the form's schema, keep every rule of
 * rubrics, and say nothing twice. Nothing is mended. Criteria are called after category and place, e.g. `tool-grounding-2`,
 * so that no check of the code judge is ever taken for theirs.
 */
export function rubricIn(reply: Pick<ChatReply, 'text' | 'finishReason'>, form: WrittenForm): Rubric | Unusable {
  const found = objectIn(reply);
  if ('unusable' in found) return found.unusable;
  const criteria = form === 'atlas' ? atlasCriteria(found.object) : freeCriteria(found.object);
  if (typeof criteria === 'string') return { cause: 'unparseable', reason: criteria };
  const rubric: Rubric = { form, criteria };
  const problems = [...rubricProblems(rubric), ...repetitions(rubric)];
  return problems.length === 0 ? rubric : { cause: 'unparseable', reason: problems.join(' ') };
}

function atlasCriteria(reply: object): Criterion[] | string {
  if (!isAtlas(reply)) return sentenceOf(isAtlas.errors);
  return (Object.keys(atlasForm) as Category[]).flatMap((category) =>
    reply[category].map((one, index) => criterion(category, index, one)),
  );
}

function freeCriteria(reply: object): Criterion[] | string {
  if (!isFree(reply)) return sentenceOf(isFree.errors);
  const counts = new Map<Category, number>();
  return reply.criteria.map((one) => {
    const index = counts.get(one.category) ?? 0;
    counts.set(one.category, index + 1);
    return criterion(one.category, index, one);
  });
}

const criterion = (category: Category, index: number, { description, weight }: Written): Criterion => ({
  id: `${category}-${index + 1}`,
  category,
  description,
  weight,
});

function* repetitions({ criteria }: Rubric): Generator<string> {
  const firsts = new Map<string, string>();
  for (const { id, description } of criteria) {
    const wording = description
      .toLowerCase()
      .replace(/[\s\p{P}]+/gu, ' ')
      .trim();
    const first = firsts.get(wording);
    if (first === undefined) firsts.set(wording, id);
    else yield `${id} says the same as ${first}.`;
  }
}

function sentenceOf(errors: readonly ErrorObject[] | null | undefined): string {
  const [error] = errors ?? [];
  const { instancePath = '', message = 'is not of the form', params = {} } = error ?? {};
  const place = instancePath === '' ? 'the reply' : instancePath.slice(1).replaceAll('/', ' ');
  const { additionalProperty: extra } = params as { additionalProperty?: string };
  return `${place} ${message}${extra === undefined ? '' : `: ${shown(extra)}`}`;
}
